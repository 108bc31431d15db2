"""Trains the Rasa model, in a process of its own, when anything it is made of has changed since the last time.

A model is named after the fingerprint of its sources, so "is it fresh" is one look at a file name. Run as
`python -m bot.train FILE`, this module is that process.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from base.settings import ROOT, Settings

CONFIG, DOMAIN, DATA = "bot/config.yml", "bot/domain", "data"
SOURCES = ("bot", "data")  # except the modules directly in bot/: they run a model but are not part of it
KEPT = 3  # models that stay in the folder
NOT_SOURCES = (  # what is only read by rules is no part of a model
    *("__pycache__", ".pyc", "lexicon/facts/"),
    *("lexicon/names.yml", "lexicon/offices.txt", "lexicon/lac.sha256"),
)
STEP = re.compile(r"Starting to train component '(\w+)'")


class TrainingFailed(RuntimeError):
    """Training ended with an error; the text holds its last lines."""


def fingerprint(root: Path = ROOT) -> str:
    """12 hex digits over every file that the model is made of: configuration, domain, components, dictionary, data."""
    total = hashlib.sha256(b"rasa 3.6.21")
    for path in _sources(root):
        total.update(path.relative_to(root).as_posix().encode() + b"\0")
        total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()[:12]


def _sources(root: Path) -> Iterator[Path]:
    for name in SOURCES:
        for path in sorted((root / name).rglob("*")):
            running = path.suffix == ".py" and path.parent == root / "bot"
            if path.is_file() and not running and not any(word in path.as_posix() for word in NOT_SOURCES):
                yield path


def model_file(settings: Settings) -> Path:
    """Where the model of the present sources is, or will be."""
    return settings.model_dir / f"farun-{fingerprint()}.tar.gz"


def fresh(settings: Settings) -> bool:
    """Whether the model of the present sources exists; it is then marked as the newest of its folder."""
    path = model_file(settings)
    if not path.exists():
        return False
    os.utime(path)
    return True


def train(settings: Settings, force: bool = False, on_progress: Callable[[str], None] | None = None) -> Path:
    """The path of a fresh model; trains (1-3 minutes) unless there is one or `force` asks for it.

    `on_progress` hears the name of each component as its training starts. Raises TrainingFailed.
    """
    path = model_file(settings)
    settings.model_dir.mkdir(parents=True, exist_ok=True)
    if not force and fresh(settings):
        return path
    with _only_one(settings.model_dir / ".training"):
        if force or not fresh(settings):  # another process may have trained it meanwhile
            _run(path, settings.data_dir / "train.log", on_progress or _tell)
    _forget_old(settings.model_dir, path)
    return path


def _tell(step: str) -> None:
    print(f"training {step}", file=sys.stderr, flush=True)


@contextmanager
def _only_one(lock: Path) -> Iterator[None]:
    with lock.open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield


def _run(path: Path, log: Path, on_progress: Callable[[str], None]) -> None:
    draft = path.with_name(f".{path.name.removesuffix('.tar.gz')}.{os.getpid()}.tar.gz")
    command = [sys.executable, "-W", "ignore", "-m", "bot.train", str(draft)]
    quiet = {"RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "SQLALCHEMY_SILENCE_UBER_WARNING": "1"}
    environment = {**os.environ, **quiet, "PYTHONPATH": str(ROOT), "RASA_MAX_CACHE_SIZE": "0"}
    try:
        with (
            subprocess.Popen(
                command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
            ) as process,
            log.open("w", encoding="utf-8") as kept,
        ):
            for line in process.stdout or ():
                kept.write(line)
                if step := STEP.search(line):
                    on_progress(step[1])
        if process.returncode or not draft.exists():
            raise TrainingFailed(f"Training failed; {log} ends with:\n{_last_lines(log)}")
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _last_lines(log: Path) -> str:
    lines = [line for line in log.read_text(encoding="utf-8").splitlines() if line.strip()]
    return "\n".join(lines[-12:])


def _forget_old(folder: Path, current: Path) -> None:
    models = sorted(folder.glob("farun-*.tar.gz"), key=lambda file: file.stat().st_mtime, reverse=True)
    for path in [model for model in models if model != current][KEPT - 1 :]:
        path.unlink(missing_ok=True)


def _die_with_parent() -> None:
    """Ask Linux to end this process when the one that started it ends, however that happens."""
    import ctypes

    ctypes.CDLL(None).prctl(1, signal.SIGTERM)


def main(arguments: list[str]) -> int:
    """Train in this process and write the model to the file named first; exit code 0 when it is there."""
    if sys.platform == "linux":
        _die_with_parent()
    import logging

    from bot.lean import NEURAL, without_tensorflow

    config = (ROOT / CONFIG).read_text(encoding="utf-8")
    if not any(name in config for name in NEURAL):
        without_tensorflow()
    import structlog

    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    logging.basicConfig(level=logging.ERROR)
    logging.getLogger("rasa.engine.training.hooks").setLevel(logging.INFO)  # names each component as it starts
    import rasa.model_training

    target = Path(arguments[0])
    result = rasa.model_training.train(
        domain=str(ROOT / DOMAIN),
        config=str(ROOT / CONFIG),
        training_files=[str(ROOT / DATA)],
        output=str(target.parent),
        force_training=True,
        fixed_model_name=target.name,
    )
    return int(result.code)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
