"""Fixtures for the tests of pages: the running application, with the helpers of serving.py beside it."""

import sys
from pathlib import Path

import pytest_asyncio

sys.path.insert(0, str(Path(__file__).resolve().parent))


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
