"""Engines, transactions and column types for SQLite (the embedded default) and PostgreSQL."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from typing import Any
from weakref import WeakKeyDictionary

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Dialect, Engine
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.types import TypeDecorator

from base.privacy import seal, unseal

metadata = sa.MetaData()
BUSY_SECONDS = 5.0  # how long a write waits for another writer
FRESH_SECONDS = 1.0  # a connection used so recently is taken to be alive; if it is not, that is StorageDown
_WRONG = ("no such", "syntax error", "has no column")  # SQLite calls a wrong statement an OperationalError too

_READERS: WeakKeyDictionary[Engine, Engine] = WeakKeyDictionary()


class StorageDown(Exception):
    """The database is stopped, locked or out of reach; what was to be stored is not stored."""


class Utc(TypeDecorator):
    """An aware datetime, stored as UTC."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> Any:
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a timestamp without offset cannot be stored")
        value = value.astimezone(timezone.utc)
        return value if dialect.name == "postgresql" else value.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=timezone.utc) if value.tzinfo is None else value.astimezone(timezone.utc)


class Sealed(TypeDecorator):
    """Text that is encrypted in the database (base.privacy); equal texts differ there, so it cannot be searched."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else seal(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> str | None:
        return None if value is None else unseal(value)


def make_engine(url: str) -> Engine:
    """An engine for `url`; nothing is opened yet."""
    if url.startswith("sqlite"):
        return _sqlite(url)
    return _postgresql(url)


def _postgresql(url: str) -> Engine:
    """An engine, and beside it one for reads, whose connections spare BEGIN and COMMIT (READ COMMITTED needs neither)."""
    limits = {
        "pool_size": 8,
        "max_overflow": 8,
        "pool_timeout": BUSY_SECONDS,
        "hide_parameters": True,  # an error must not quote what a person wrote
        "connect_args": {
            "connect_timeout": 3,
            "application_name": "farun",
            "keepalives_idle": 15,
            "options": f"-c lock_timeout={int(BUSY_SECONDS * 1000)}",
        },
    }
    engine, reader = sa.create_engine(url, **limits), sa.create_engine(url, **limits, isolation_level="AUTOCOMMIT")
    for each in (engine, reader):
        _try_rested(each)
    _READERS[engine] = reader
    sa.event.listen(engine, "engine_disposed", lambda _engine: reader.dispose())
    return engine


def _try_rested(engine: Engine) -> None:
    """Try a connection before its use only when it rested: a round trip less for every transaction."""

    @sa.event.listens_for(engine, "checkin")
    def _used(_raw: Any, record: Any) -> None:
        record.info["used"] = time.monotonic()

    @sa.event.listens_for(engine, "checkout")
    def _try(raw: Any, record: Any, _proxy: Any) -> None:
        if time.monotonic() - record.info.get("used", 0.0) < FRESH_SECONDS:
            return
        try:
            with raw.cursor() as cursor:
                cursor.execute("SELECT 1")
            raw.rollback()
        except engine.dialect.dbapi.Error:
            raise sa.exc.DisconnectionError() from None


def _sqlite(url: str) -> Engine:
    if sqlite3.sqlite_version_info < (3, 35):
        raise RuntimeError("farun needs SQLite 3.35 or newer; the Python that uv brings has it")
    engine = sa.create_engine(
        url,
        connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False},
        poolclass=sa.pool.QueuePool,
        pool_timeout=BUSY_SECONDS,
        hide_parameters=True,
    )

    @sa.event.listens_for(engine, "connect")
    def _prepare(raw: Any, _record: Any) -> None:
        raw.isolation_level = None  # we say BEGIN ourselves
        for pragma in (
            "journal_mode=WAL",
            "synchronous=FULL",
            "foreign_keys=ON",
            "secure_delete=ON",
            "trusted_schema=OFF",
        ):
            raw.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(conn: Connection) -> None:
        conn.exec_driver_sql(conn.get_execution_options().get("farun_begin", "BEGIN IMMEDIATE"))

    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """A writing transaction: committed at the end, rolled back on an exception. Raises StorageDown."""
    with _storage(), engine.begin() as conn:
        yield conn


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """A connection for reads that blocks nobody; on SQLite it sees one state. Raises StorageDown."""
    reader = _READERS.get(engine)
    if reader is not None:
        with _storage(), reader.connect() as conn:
            yield conn
        return
    with _storage(), engine.connect() as conn:
        conn = conn.execution_options(farun_begin="BEGIN")
        with conn.begin():
            yield conn


@contextmanager
def _storage() -> Iterator[None]:
    try:
        yield
    except sa.exc.TimeoutError as error:  # no free connection
        raise StorageDown(type(error).__name__) from None
    except OperationalError as error:
        if isinstance(error.orig, sqlite3.Error) and any(word in str(error.orig) for word in _WRONG):
            raise
        raise StorageDown(type(error.orig).__name__) from None
    except DBAPIError as error:
        if error.connection_invalidated:
            raise StorageDown(type(error).__name__) from None
        raise
