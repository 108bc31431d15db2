"""The database layer on SQLite and PostgreSQL: whole transactions, sealed and timed columns, and outages that are named."""

import threading
import time
from datetime import datetime, timedelta, timezone

import pytest
import sqlalchemy as sa

from base import database, privacy
from base.database import Sealed, StorageDown, Utc, make_engine, reading, transaction

_own = sa.MetaData()
thing = sa.Table(
    "thing", _own, sa.Column("id", sa.Integer, primary_key=True), sa.Column("text", Sealed), sa.Column("at", Utc)
)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def engine(request, settings):
    url = settings.database_url if request.param == "sqlite" else request.getfixturevalue("postgres_url")
    made = make_engine(url)
    with transaction(made) as conn:
        _own.create_all(conn)
    yield made
    made.dispose()


def count(engine):
    with reading(engine) as conn:
        return conn.execute(sa.select(sa.func.count()).select_from(thing)).scalar()


def test_a_block_is_kept_whole_or_not_at_all(engine):
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1))
    with pytest.raises(KeyError), transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=2))
        raise KeyError
    assert count(engine) == 1


def test_sealed_text_comes_back_and_is_unreadable_below(engine):
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing), [{"id": 1, "text": "老板欠薪"}, {"id": 2, "text": None}])
    with reading(engine) as conn:
        assert conn.execute(sa.select(thing.c.text).order_by(thing.c.id)).scalars().all() == ["老板欠薪", None]
        raw = conn.exec_driver_sql("SELECT text FROM thing WHERE id = 1").scalar()
    assert "老板" not in raw and privacy.unseal(raw) == "老板欠薪"


def test_an_instant_is_utc_whatever_zone_it_was_given_in(engine):
    local = datetime(2026, 11, 24, 8, 30, 15, 123456, timezone(timedelta(hours=8)))
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1, at=local))
    with reading(engine) as conn:
        kept = conn.execute(sa.select(thing.c.at)).scalar()
        before = conn.execute(sa.select(thing.c.id).where(thing.c.at < local + timedelta(microseconds=1))).scalar()
    assert kept == local and kept.utcoffset() == timedelta(0) and before == 1
    with pytest.raises(sa.exc.StatementError), transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=2, at=datetime(2026, 1, 1)))


def test_many_writers_wait_for_each_other_and_none_fails(engine):
    def write(first):
        for number in range(first, first + 20):
            with transaction(engine) as conn:
                seen = conn.execute(sa.select(sa.func.count()).select_from(thing)).scalar()
                conn.execute(sa.insert(thing).values(id=number, text=str(seen)))

    threads = [threading.Thread(target=write, args=(100 * n,)) for n in range(1, 6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert count(engine) == 100


def test_a_reader_is_not_held_up_by_a_writer(engine):
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1))
        start = time.monotonic()
        assert count(engine) == 0
        assert time.monotonic() - start < 1


def test_a_locked_database_is_storage_down_after_a_while(request, settings, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.3)
    engine, holder = make_engine(settings.database_url), make_engine(settings.database_url)
    with transaction(holder) as conn:
        _own.create_all(conn)
        start = time.monotonic()
        with pytest.raises(StorageDown), transaction(engine):
            pass
        assert 0.2 < time.monotonic() - start < 3
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1))
    engine.dispose()
    holder.dispose()


@pytest.mark.postgres
def test_a_locked_table_of_postgresql_is_storage_down_after_a_while(postgres_url, settings, monkeypatch):
    monkeypatch.setattr(database, "BUSY_SECONDS", 0.3)
    engine, holder = make_engine(postgres_url), make_engine(postgres_url)
    with transaction(holder) as conn:
        _own.create_all(conn)
    with transaction(holder) as conn:
        conn.exec_driver_sql("LOCK TABLE thing")
        with pytest.raises(StorageDown), transaction(engine) as other:
            other.execute(sa.insert(thing).values(id=1))
    assert count(engine) == 0
    engine.dispose()
    holder.dispose()


@pytest.mark.postgres
def test_cut_connections_are_storage_down_at_most_once_and_then_it_goes_on(postgres_url, settings):
    engine, admin = make_engine(postgres_url), make_engine(postgres_url)
    with transaction(engine) as conn:
        _own.create_all(conn)
    cut = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    with pytest.raises(StorageDown), transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1))
        with transaction(admin) as other:
            other.exec_driver_sql(cut)
        conn.execute(sa.insert(thing).values(id=2))
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=3))
    assert count(engine) == 1
    engine.dispose()
    admin.dispose()


def test_a_database_that_is_not_there_is_storage_down(settings):
    engine = make_engine("postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(StorageDown), transaction(engine):
        pass
    with pytest.raises(StorageDown), reading(engine):
        pass


def test_a_wrong_statement_is_no_outage(engine):
    for wrong in ("SELECT * FROM nowhere", "SELEC 1"):
        with pytest.raises(sa.exc.DBAPIError), transaction(engine) as conn:
            conn.exec_driver_sql(wrong)


def test_an_error_quotes_nothing_that_was_to_be_stored(engine):
    with transaction(engine) as conn:
        conn.execute(sa.insert(thing).values(id=1))
    with pytest.raises(sa.exc.IntegrityError) as raised, transaction(engine) as conn:
        conn.execute(sa.text("INSERT INTO thing (id, text) VALUES (1, :text)"), {"text": "13987654321"})
    assert "13987654321" not in str(raised.value)


def test_sqlite_keeps_what_was_committed_through_a_power_cut_and_wipes_what_was_deleted(settings):
    engine = make_engine(settings.database_url)
    with reading(engine) as conn:
        asked = {name: conn.exec_driver_sql(f"PRAGMA {name}").scalar() for name in ("journal_mode", "synchronous",
                 "foreign_keys", "secure_delete")}  # fmt: skip
    assert asked == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    engine.dispose()
