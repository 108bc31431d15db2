"""Loads Rasa without TensorFlow, which our linear model never calls: half the start-up time and memory of a worker.

Rasa 3.6 imports TensorFlow, Keras and everything that needs them when its recipe is imported, also for a model that
has no neural component. `without_tensorflow()` puts empty stand-ins in their place for this process. It must run
before anything imports Rasa, spaCy or TensorFlow. A configuration or model that names one of `NEURAL` must not use it.
"""

from __future__ import annotations

import sys
import types
from abc import ABCMeta
from collections.abc import Sequence
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from typing import Any

NEURAL = (  # parts of Rasa that do need TensorFlow
    "DIETClassifier",
    "ResponseSelector",
    "TEDPolicy",
    "UnexpecTEDIntentPolicy",
    "LanguageModelFeaturizer",
    "ConveRTFeaturizer",
)
ABSENT = frozenset({"tensorflow", "keras", "tensorflow_hub", "tensorflow_text", "tensorflow_addons"})


class _StandInType(ABCMeta):
    """Makes a class on which every attribute is again such a class, so that subclassing and annotations work."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return _stand_in(f"{cls.__module__}.{cls.__name__}", name)

    def __call__(cls, *args: Any, **kwargs: Any) -> Any:
        if cls.__module__.partition(".")[0] not in ABSENT:
            raise RuntimeError(f"{cls.__name__} needs TensorFlow, which this process does not load (bot/lean.py)")
        if len(args) == 1 and not kwargs and isinstance(args[0], types.FunctionType):
            return args[0]  # used as a decorator
        return _stand_in(cls.__module__, cls.__name__)


def _stand_in(module: str, name: str) -> type:
    return _StandInType(name, (), {"__module__": module})


class _StandInModule(types.ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        made = _stand_in(self.__name__, name)
        setattr(self, name, made)
        return made


class _StandIns(MetaPathFinder, Loader):
    def find_spec(self, fullname: str, path: Sequence[str] | None, target: Any = None) -> ModuleSpec | None:
        if fullname.partition(".")[0] in ABSENT:
            return ModuleSpec(fullname, self, is_package=True)
        return None

    def create_module(self, spec: ModuleSpec) -> types.ModuleType:
        module = _StandInModule(spec.name)
        module.__dict__["__version__"] = "0"
        return module

    def exec_module(self, module: types.ModuleType) -> None:
        """Nothing to run: a stand-in is empty."""


def without_tensorflow() -> bool:
    """Put the stand-ins in place; False (and nothing done) when TensorFlow or Rasa is already loaded."""
    if any(isinstance(finder, _StandIns) for finder in sys.meta_path):
        return True
    if "tensorflow" in sys.modules or "rasa.engine.recipes.default_recipe" in sys.modules:
        return False
    _import_without(("spacy", "thinc.api"))
    sys.meta_path.insert(0, _StandIns())
    return True


def _import_without(names: Sequence[str]) -> None:
    """Import packages that try TensorFlow (and torch, jax) and do without when it is missing: spaCy's thinc."""
    hidden = [name for name in ("tensorflow", "torch", "mxnet") if name not in sys.modules]
    for name in hidden:
        sys.modules[name] = None  # type: ignore[assignment]  # makes `import name` raise ImportError
    try:
        for name in names:
            __import__(name)
    finally:
        for name in hidden:
            del sys.modules[name]
