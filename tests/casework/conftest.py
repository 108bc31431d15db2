"""A database of each kind with farun's tables, people at the desk and the knowledge base, for the tests of casework."""

from collections.abc import Callable, Iterator

import pytest
from sqlalchemy.engine import Engine

from base import database
from base.clock import parse as moment
from base.clock import to_local
from casework import accounts, conversation, tables  # noqa: F401  (tables: fills the metadata)
from casework.accounts import Account
from knowledge import release
from knowledge.release import KnowledgeBase

MORNING = "2026-11-24T09:00:00+08:00"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, settings) -> Iterator[Engine]:
    """An empty database with all tables: SQLite in a file, or PostgreSQL."""
    if request.param == "sqlite":
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{settings.data_dir}/farun.db"
    else:
        url = request.getfixturevalue("postgres_url")
    made = database.make_engine(url)
    database.metadata.create_all(made)
    yield made
    made.dispose()


@pytest.fixture
def at() -> Callable[[str], object]:
    """An instant from its ISO text, e.g. at("2026-11-24T09:00:00+08:00")."""
    return lambda text=MORNING: to_local(moment(text))


@pytest.fixture
def staff(engine: Engine) -> dict[str, Account]:
    """李律师 and 王律师 (advisers), 周编辑 (editor), 陈主任 (manager), 管理员 (admin)."""
    roles = {"李律师": "adviser", "王律师": "adviser", "周编辑": "editor", "陈主任": "manager", "管理员": "admin"}
    with database.transaction(engine) as conn:
        return {name: accounts.create(conn, name, role) for name, role in roles.items()}


@pytest.fixture
def talk(engine: Engine) -> str:
    """The id of a conversation that the bot holds."""
    with database.transaction(engine) as conn:
        return conversation.open_conversation(conn, "web")[0]


@pytest.fixture(scope="session")
def kb() -> KnowledgeBase:
    """The knowledge base as it is in the repository."""
    return release.load()
