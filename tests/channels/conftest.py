"""The running application for the tests of the web chat's API; its helpers stand in tests/console/serving.py."""

import sys
from pathlib import Path

import pytest_asyncio

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "console"))


@pytest_asyncio.fixture
async def served(settings):
    """The application with a brain that repeats what it hears."""
    from serving import serving

    async with serving(settings) as running:
        yield running


@pytest_asyncio.fixture
async def alone(settings):
    """The application without a worker: nobody answers."""
    from serving import serving

    async with serving(settings, worker=False) as running:
        yield running
