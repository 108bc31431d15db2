"""A Chromium and the running application for browser tests; helpers stand in pages.py and ../console/serving.py."""

import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "console")]


@pytest.fixture(scope="module")
def browser():
    """One Chromium for a file of tests; each person gets a context of their own."""
    from pages import chromium

    with chromium() as running:
        yield running


@pytest.fixture
def running(settings):
    """The application with a brain that repeats what it hears, in a thread."""
    from serving import in_thread

    with in_thread(settings) as served:
        yield served
