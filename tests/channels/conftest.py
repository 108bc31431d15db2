"""What the tests of channels share: a database of each kind, and the running application (see tests/console/serving.py)."""

import sys
from pathlib import Path

import pytest
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


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, settings):
    """An empty database of farun's."""
    from base.database import make_engine
    from migrations import upgrade

    url = settings.database_url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = make_engine(url)
    upgrade(made)
    yield made
    made.dispose()


@pytest.fixture
def talk(engine):
    """A conversation of the web chat; its id."""
    from base.database import transaction
    from casework import conversation

    with transaction(engine) as conn:
        return conversation.open_conversation(conn, "web")[0]
