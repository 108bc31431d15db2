"""Patterns that stand in content, compiled once: there are more of them than Python's own cache of 512 keeps."""

from __future__ import annotations

import re
from functools import lru_cache


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> re.Pattern[str]:
    """The compiled pattern. Raises re.error (the check of the content finds that first)."""
    return re.compile(pattern)
