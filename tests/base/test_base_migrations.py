"""The schema: every start brings it up to date, several at once do it once, and it is what the tables declare."""

import subprocess
import sys
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

import migrations
from base.database import make_engine, metadata
from casework import tables  # noqa: F401  (declares the tables)

ROOT = Path(__file__).resolve().parent.parent.parent
START = "import sys; from base.database import make_engine; from migrations import upgrade; upgrade(make_engine(sys.argv[1]))"


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def url(request, settings):
    return settings.database_url if request.param == "sqlite" else request.getfixturevalue("postgres_url")


def test_an_upgraded_database_is_what_the_tables_declare(url):
    engine = make_engine(url)
    assert migrations.current(engine) is None
    migrations.upgrade(engine)
    migrations.upgrade(engine)
    assert migrations.current(engine) == migrations.head()
    with engine.connect() as conn:
        assert compare_metadata(MigrationContext.configure(conn), metadata) == []
    engine.dispose()


def test_processes_that_start_at_once_migrate_once(url):
    command = [sys.executable, "-W", "ignore", "-c", START, url]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(4)]
    told = [process.communicate(timeout=60)[1].decode() for process in started]
    assert [process.returncode for process in started] == [0] * 4, told
    engine = make_engine(url)
    assert migrations.current(engine) == migrations.head()
    engine.dispose()


def test_a_migration_that_breaks_leaves_the_database_as_it_was(url, monkeypatch):
    engine = make_engine(url)
    with engine.begin() as conn:
        conn.execute(sa.text("CREATE TABLE session (a INTEGER)"))  # stands in the way of the first migration
    with pytest.raises(sa.exc.DBAPIError):
        migrations.upgrade(engine)
    assert sa.inspect(engine).get_table_names() == ["session"]
    with engine.begin() as conn:
        conn.execute(sa.text("DROP TABLE session"))
    migrations.upgrade(engine)
    assert migrations.current(engine) == migrations.head()
    engine.dispose()
