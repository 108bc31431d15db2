"""One place that reads the environment (FARUN_*), so that a wrong setting stops the start with its name and a hint."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import time
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "FARUN_"
KNOWN = (
    "DATABASE_URL REDIS_URL AMQP_URL DATA_DIR SECRET_KEY PUBLIC_URL OFFICE_HOURS HOST PORT MODEL_DIR LOG_LEVEL "
    "NOW REQUIRE TEST_POSTGRES"
).split()

OfficeHours = tuple[tuple[time, time], ...]
_HOURS = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)-([01]?\d|2[0-3]):([0-5]\d)")


class SettingsError(Exception):
    """A wrong setting: `variable` names it, `hint` says what to write. The value is never part of the text."""

    def __init__(self, variable: str, problem: str, hint: str) -> None:
        super().__init__(f"{variable}: {problem} — {hint}")
        self.variable, self.problem, self.hint = variable, problem, hint


@dataclass(frozen=True)
class Settings:
    """What the environment asked for; secrets and addresses with passwords stay out of `repr`."""

    data_dir: Path
    database_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)
    redis_url: str | None = field(default=None, repr=False)
    amqp_url: str | None = field(default=None, repr=False)
    public_url: str = "http://127.0.0.1:8080"
    office_hours: OfficeHours = ((time(9), time(11, 30)), (time(13, 30), time(17)))  # local, of a working day
    host: str = "127.0.0.1"
    port: int = 8080
    model_dir: Path = ROOT / "var" / "models"
    log_level: str = "INFO"

    @property
    def embedded(self) -> bool:
        """Whether this is the embedded default: one machine, SQLite."""
        return self.database_url.startswith("sqlite")

    @staticmethod
    def load(env: Mapping[str, str] | None = None) -> "Settings":
        """Read FARUN_* from `env` (default: the process's environment); raises SettingsError."""
        return _load(_Reader(os.environ if env is None else env))


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def get(self, name: str) -> str | None:
        return self._env.get(PREFIX + name, "").strip() or None

    def url(self, name: str, schemes: tuple[str, ...], hint: str) -> str | None:
        value = self.get(name)
        if value is None:
            return None
        try:
            parts = urlsplit(value)
            _ = parts.port
        except ValueError:
            raise SettingsError(PREFIX + name, "is not an address", hint) from None
        sqlite = parts.scheme == "sqlite"
        if parts.scheme not in schemes or not (parts.path.strip("/") if sqlite else parts.hostname):
            raise SettingsError(PREFIX + name, "is not an address farun can use", hint)
        return value

    def folder(self, name: str, default: Path) -> Path:
        value = self.get(name)
        path = Path(value).expanduser() if value else default
        path = path if path.is_absolute() else ROOT / path
        if path.exists() and not path.is_dir():
            raise SettingsError(PREFIX + name, "is a file", "name a folder")
        return path


def _load(read: _Reader) -> Settings:
    data_dir = read.folder("DATA_DIR", ROOT / "var")
    try:
        data_dir.mkdir(parents=True, exist_ok=True, mode=0o700)
    except OSError as error:
        raise SettingsError(
            "FARUN_DATA_DIR", f"cannot be made ({error.strerror})", "name a folder farun may write"
        ) from None
    port = _port(read)
    host = read.get("HOST") or "127.0.0.1"
    return Settings(
        data_dir=data_dir,
        database_url=_database(read, data_dir),
        secret_key=_secret(read, data_dir),
        redis_url=read.url("REDIS_URL", ("redis", "rediss"), "write redis://host:6379/0"),
        amqp_url=read.url("AMQP_URL", ("amqp", "amqps"), "write amqp://user:password@host:5672/"),
        public_url=(read.url("PUBLIC_URL", ("http", "https"), "write https://host") or _own(host, port)).rstrip("/"),
        office_hours=_hours(read),
        host=host,
        port=port,
        model_dir=read.folder("MODEL_DIR", data_dir / "models"),
        log_level=_level(read),
    )


def _own(host: str, port: int) -> str:
    return f"http://{'127.0.0.1' if host in ('0.0.0.0', '::') else host}:{port}"


def _database(read: _Reader, data_dir: Path) -> str:
    hint = "write postgresql://user:password@host:5432/name or sqlite:////path/to/farun.db"
    given = read.url("DATABASE_URL", ("sqlite", "postgres", "postgresql", "postgresql+psycopg2"), hint)
    if given is None:
        return f"sqlite:///{data_dir / 'farun.db'}"
    if not given.startswith("sqlite"):
        return re.sub(r"^postgres(ql)?(\+psycopg2)?://", "postgresql://", given)
    return given


def _port(read: _Reader) -> int:
    value = read.get("PORT") or "8080"
    if not value.isascii() or not value.isdigit() or not 0 <= int(value) <= 65535:
        raise SettingsError("FARUN_PORT", "is not a port", "write a number from 1 to 65535 (0 lets the system choose)")
    return int(value)


def _level(read: _Reader) -> str:
    level = (read.get("LOG_LEVEL") or "INFO").upper()
    if level not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise SettingsError("FARUN_LOG_LEVEL", "is not a level", "write DEBUG, INFO, WARNING or ERROR")
    return level


def _hours(read: _Reader) -> OfficeHours:
    value = read.get("OFFICE_HOURS")
    if value is None:
        return Settings.office_hours
    hint = "write the working day's spans, for example 09:00-12:00,13:30-17:30"
    spans: list[tuple[time, time]] = []
    for part in value.split(","):
        found = _HOURS.fullmatch(part.strip())
        if not found:
            raise SettingsError("FARUN_OFFICE_HOURS", "cannot be read", hint)
        hour, minute, to_hour, to_minute = map(int, found.groups())
        spans.append((time(hour, minute), time(to_hour, to_minute)))
    flat = [moment for span in spans for moment in span]
    if any(a >= b for a, b in zip(flat, flat[1:], strict=False)):
        raise SettingsError("FARUN_OFFICE_HOURS", "runs backwards", hint)
    return tuple(spans)


def _secret(read: _Reader, data_dir: Path) -> bytes:
    given = read.get("SECRET_KEY")
    if given is None:
        return _kept_secret(data_dir / "secret.key")
    if len(given) < 32:
        hint = "write at least 32 random characters: python -c 'import secrets; print(secrets.token_hex(32))'"
        raise SettingsError("FARUN_SECRET_KEY", "is too short", hint)
    return given.encode()


def _kept_secret(path: Path) -> bytes:
    """The secret in `path`, made on first use; two processes that start at once agree on one."""
    if not path.exists():
        fresh = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
        handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(secrets.token_hex(32))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    secret = path.read_text().strip()
    if len(secret) < 32:
        raise SettingsError(
            "FARUN_SECRET_KEY", f"the file {path.name} in the data folder is damaged", "restore it from a backup"
        )
    return secret.encode()


def unknown(env: Mapping[str, str] | None = None) -> list[str]:
    """Variables that look like ours but are not, each with the name that was probably meant (for `farun doctor`)."""
    lines = []
    for name in sorted(os.environ if env is None else env):
        if name.startswith(PREFIX) and name.removeprefix(PREFIX) not in KNOWN:
            close = get_close_matches(name.removeprefix(PREFIX), KNOWN, n=1)
            lines.append(f"{name} is not a setting" + (f" (did you mean {PREFIX}{close[0]}?)" if close else ""))
    return lines
