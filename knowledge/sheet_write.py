"""Writes changed things back into a YAML file: comments, order and quotes of all that is not changed stay as they are."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq

from knowledge.sheet_cells import Figure, same

Path_ = tuple[str | int, ...]


def rewritten(text: str, changes: Mapping[Path_, Any], list_key: str) -> str:
    """The file's text with the things at the given places set; a place behind the list's end is a new thing.

    An empty text is a new file with one list under `list_key`.
    """
    yaml = YAML()
    yaml.preserve_quotes = True  # type: ignore[assignment]
    yaml.width = 10**6  # type: ignore[assignment]
    yaml.indent(mapping=2, sequence=2, offset=0)
    data: Any = yaml.load(text) if text.strip() else CommentedMap({list_key: CommentedSeq()})
    for path, wanted in changes.items():
        if not path:
            _merge(data, wanted)
            continue
        parent: Any = data
        for step in path[:-1]:
            parent = parent[step]
        place = path[-1]
        if isinstance(place, int) and place >= len(parent):
            parent.append(_made(wanted, block=not _is_flow(parent[0]) if len(parent) else True))
        else:
            _merge(parent[place], wanted)
    out = io.StringIO()
    yaml.dump(data, out)
    return out.getvalue()


def _is_flow(node: Any) -> bool:
    return isinstance(node, CommentedMap | CommentedSeq) and bool(node.fa.flow_style())


def _merge(node: Any, wanted: Any) -> None:
    """Makes a map or list equal to `wanted`, touching only what differs."""
    if isinstance(node, CommentedMap):
        _merge_map(node, wanted)
    else:
        _merge_list(node, wanted)


def _merge_map(node: CommentedMap, wanted: Mapping[Any, Any]) -> None:
    for key in [k for k in node if k not in wanted]:
        del node[key]
    for place, (key, value) in enumerate(wanted.items()):
        if key not in node:
            node.insert(min(place, len(node)), key, _made(value, block=False))
        elif not same(_bare(node[key]), value):
            node[key] = _set(node[key], value)


def _merge_list(node: CommentedSeq, wanted: Sequence[Any]) -> None:
    while len(node) > len(wanted):
        del node[-1]
    for place, value in enumerate(wanted):
        if place >= len(node):
            node.append(_made(value, block=bool(len(node)) and not _is_flow(node[0])))
        elif not same(_bare(node[place]), value):
            node[place] = _set(node[place], value)


def _set(node: Any, value: Any) -> Any:
    """What stands where `node` stood: the node itself, changed, where both are maps or both are lists."""
    alike = (isinstance(node, CommentedMap) and isinstance(value, dict)) or (
        isinstance(node, CommentedSeq) and isinstance(value, list)
    )
    if not alike:
        return _made(value, block=False)
    _merge(node, value)
    return node


def _bare(node: Any) -> Any:
    """A node of ruamel as the content's reader would give it."""
    if isinstance(node, CommentedMap):
        return {k: _bare(v) for k, v in node.items()}
    if isinstance(node, CommentedSeq):
        return [_bare(v) for v in node]
    return Figure(node) if isinstance(node, float) else node


def _made(value: Any, block: bool) -> Any:
    """New nodes: the outermost map or list in block style if wanted, what is inside on one line."""
    if isinstance(value, Figure):
        return float(value)
    made: CommentedMap | CommentedSeq
    if isinstance(value, dict):
        made = CommentedMap((k, _made(v, block=block and _is_list_of_maps(v))) for k, v in value.items())
    elif isinstance(value, list):
        made = CommentedSeq([_made(v, block=False) for v in value])
    else:
        return value
    if not block:
        made.fa.set_flow_style()
    return made


def _is_list_of_maps(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
