"""What the code of the knowledge package asks of the content by name: parameters, rules, phrases, procedures, facts.

The names stand in the code as literals (`w.rate("notice_days", …)`), so they are read off its syntax tree. A name that is
handed on as an argument is followed through the functions that take it; an unknown part of a name is a `*`.
"""

from __future__ import annotations

import ast
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import lru_cache
from itertools import product
from pathlib import Path

ROOT = Path(__file__).parent
Scopes = tuple[ast.FunctionDef, ...]  # the functions around a node, the outermost first
Places = Mapping[str, Sequence[tuple[int, str]]]  # function: (position of the argument, kind of name)

METHODS: Places = {
    "rate": [(0, "parameter")],
    "look": [(0, "parameter")],
    "parameter": [(0, "parameter")],
    "scale": [(0, "scale")],
    "basis": [(0, "rule")],
    "nothing": [(0, "rule")],
    "start_of": [(0, "law")],
}
TABLES = {"phrases": "phrase", "procedures": "procedure", "bases": "rule"}  # x.bases["…"] names a rule


@dataclass(frozen=True, order=True)
class Use:
    """A name (with `*` for what is only known at run time) of a kind, and where the code uses it."""

    kind: str
    name: str
    file: str
    line: int

    def fits(self, names: Collection[str]) -> bool:
        """Whether one of `names` is meant."""
        return self.name in names or ("*" in self.name and any(fnmatchcase(n, self.name) for n in names))


@lru_cache(maxsize=1)
def uses(root: Path = ROOT) -> tuple[Use, ...]:
    """Every name that the package's modules ask for; read once, since code does not change while it runs."""
    handing_on: dict[str, list[tuple[int, str]]] = {}
    modules = [_Module(path, root, handing_on) for path in sorted(root.rglob("*.py"))]
    while any([module.follow() for module in modules]):
        pass
    return tuple(sorted({use for module in modules for use in module.uses()}))


@lru_cache(maxsize=1)
def filled(root: Path = ROOT) -> Mapping[str, frozenset[str]]:
    """Which {names} the code fills in a phrase: of `phrases["back"].format(question=…)`, {"back": {"question"}}."""
    made: dict[str, frozenset[str]] = {}
    for path in sorted(root.rglob("*.py")):
        text = path.read_text(encoding="utf-8")
        for node in ast.walk(ast.parse(text)) if ".format(" in text else ():
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format":
                phrase = node.func.value
                key = _literal(phrase.slice) if isinstance(phrase, ast.Subscript) else None
                if key is not None:
                    made[key] = made.get(key, frozenset()) | {k.arg for k in node.keywords if k.arg}
    return made


class _Module:
    """One module: its calls and look-ups. `handing_on`: for all modules, the functions that pass a name on."""

    def __init__(self, path: Path, root: Path, handing_on: dict[str, list[tuple[int, str]]]) -> None:
        inside = path.relative_to(root)
        self.file, self.name = f"knowledge/{inside.as_posix()}", ".".join(("knowledge", *inside.with_suffix("").parts))
        self.handing_on = handing_on
        tree = ast.parse(path.read_text(encoding="utf-8"))
        self.calls: list[tuple[ast.Call | ast.Subscript, Scopes]] = []
        self.imported: dict[str, str] = {}
        for node, scopes in _walk(tree, ()):
            if isinstance(node, ast.Call | ast.Subscript):
                self.calls.append((node, scopes))
            elif isinstance(node, ast.ImportFrom) and node.module:
                self.imported |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}

    def uses(self) -> Iterator[Use]:
        """The names that stand in the module."""
        for node, scopes in self.calls:
            for asked, kind in self._asked(node):
                for name in _names(asked, scopes):
                    if name.strip("*"):
                        yield Use(kind, name, self.file, node.lineno)

    def follow(self) -> bool:
        """Notes the functions that pass one of their own arguments on as a name; True when one is new."""
        new = False
        for node, scopes in self.calls:
            for asked, kind in self._asked(node):
                for scope in reversed(scopes):
                    names = [a.arg for a in scope.args.args]
                    if isinstance(asked, ast.Name) and asked.id in names:
                        known = self.handing_on.setdefault(f"{self.name}.{scope.name}", [])
                        found = (names.index(asked.id), kind)
                        if found not in known:
                            known.append(found)
                            new = True
                        break
        return new

    def _asked(self, node: ast.Call | ast.Subscript) -> Iterator[tuple[ast.expr, str]]:
        """The expressions of a call or a look-up that stand for names in the content."""
        if isinstance(node, ast.Subscript):
            table = node.value
            name = table.attr if isinstance(table, ast.Attribute) else table.id if isinstance(table, ast.Name) else ""
            if isinstance(table, ast.Subscript) and _literal(table.slice) == "phrases":
                name = "phrases"
            if name in TABLES:
                yield node.slice, TABLES[name]
        else:
            places: Sequence[tuple[int, str]] = ()
            if isinstance(node.func, ast.Attribute):
                places = METHODS.get(node.func.attr, ())
                if node.func.attr == "value" and ast.unparse(node.func.value).endswith("matter"):
                    places = [(0, "fact")]
            elif isinstance(node.func, ast.Name):
                called = node.func.id
                places = self.handing_on.get(self.imported.get(called, f"{self.name}.{called}"), ())
            for place, kind in places:
                if place < len(node.args):
                    yield node.args[place], kind


def _walk(node: ast.AST, scopes: Scopes) -> Iterator[tuple[ast.AST, Scopes]]:
    """Every node with the functions around it, the outermost first."""
    for child in ast.iter_child_nodes(node):
        yield child, scopes
        yield from _walk(child, (*scopes, child) if isinstance(child, ast.FunctionDef) else scopes)


def _literal(node: ast.AST) -> str | None:
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _names(node: ast.expr, scopes: Scopes) -> list[str]:
    """The strings that an expression can be; empty when nothing is known of it."""
    if isinstance(node, ast.Constant):
        return [node.value] if isinstance(node.value, str) else []
    if isinstance(node, ast.IfExp):
        return _names(node.body, scopes) + _names(node.orelse, scopes)
    if isinstance(node, ast.JoinedStr):
        parts = [
            _names(p.value, scopes) or ["*"] if isinstance(p, ast.FormattedValue) else _names(p, scopes)
            for p in node.values
            if isinstance(p, ast.expr)
        ]
        return ["".join(chosen) for chosen in product(*parts)]
    if isinstance(node, ast.Name) and scopes:
        return [name for value in _assigned(node.id, scopes[-1]) for name in _names(value, ())]
    return []


def _assigned(name: str, scope: ast.FunctionDef) -> Iterator[ast.expr]:
    """What a local variable is set to, also as part of a pair."""
    for node in ast.walk(scope):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                if isinstance(target, ast.Name) and target.id == name:
                    yield node.value
                elif isinstance(target, ast.Tuple):
                    place = next(
                        (i for i, t in enumerate(target.elts) if isinstance(t, ast.Name) and t.id == name), None
                    )
                    if place is not None:
                        yield from _parts(node.value, place)


def _parts(value: ast.expr, place: int) -> Iterator[ast.expr]:
    if isinstance(value, ast.IfExp):
        yield from _parts(value.body, place)
        yield from _parts(value.orelse, place)
    elif isinstance(value, ast.Tuple) and place < len(value.elts):
        yield value.elts[place]
