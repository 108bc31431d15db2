"""What every test may use: settings in a folder of its own, and the rule for services that are absent.

A test that needs a service carries its marker (postgres, redis, rabbitmq, browser). It is skipped with the
reason when the service cannot be reached, unless FARUN_REQUIRE names the service: then it fails.
"""

import os
import shutil
import socket
import sys
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
if str(ROOT) not in sys.path:
    sys.path.insert(0, str(ROOT))

os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("SQLALCHEMY_SILENCE_UBER_WARNING", "1")

POSTGRES = os.environ.get("FARUN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
CHROMIUM = shutil.which("chromium") or "/usr/bin/chromium"
SHARED = ROOT.parent / "shared"


def _open(port: int) -> str | None:
    try:
        socket.create_connection(("127.0.0.1", port), timeout=1).close()
    except OSError as error:
        return f"nothing answers at 127.0.0.1:{port} ({error})"
    return None


def _postgres() -> str | None:
    import sqlalchemy as sa

    try:
        engine = sa.create_engine(POSTGRES, connect_args={"connect_timeout": 2})
        engine.connect().close()
        engine.dispose()
    except Exception as error:
        return f"PostgreSQL cannot be reached: {type(error).__name__}"
    return None


def _browser() -> str | None:
    return None if Path(CHROMIUM).exists() else "Chromium is not installed (Debian: apt-get install chromium)"


PROBES: dict[str, Callable[[], str | None]] = {
    "postgres": _postgres,
    "redis": lambda: _open(6379),
    "rabbitmq": lambda: _open(5672),
    "browser": _browser,
}
_answers: dict[str, str | None] = {}


def missing(service: str) -> str | None:
    """Why `service` cannot be used here, or None when it can; asked once a run."""
    if service not in _answers:
        _answers[service] = PROBES[service]()
    return _answers[service]


def require(service: str) -> None:
    """Skip (or, when FARUN_REQUIRE names it, fail) the running test if `service` is missing."""
    reason = missing(service)
    if reason is None:
        return
    if service in os.environ.get("FARUN_REQUIRE", "").split(","):
        pytest.fail(f"FARUN_REQUIRE asks for {service}: {reason}")
    pytest.skip(reason)


@pytest.fixture(autouse=True)
def _services(request: pytest.FixtureRequest) -> None:
    for service in PROBES:
        if request.node.get_closest_marker(service):
            require(service)


@pytest.fixture
def shared() -> Path:
    """The folder ../shared; the project must do without it, so its tests are skipped when it is absent."""
    if not SHARED.is_dir():
        pytest.skip("../shared is not laid beside this checkout")
    return SHARED


@pytest.fixture
def settings(tmp_path: Path):
    """Settings of the embedded default with all data in a folder of the test's own."""
    from base.privacy import use_key
    from base.settings import Settings

    made = Settings.load({"FARUN_DATA_DIR": str(tmp_path / "var")})
    use_key(made.secret_key)
    return made


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A PostgreSQL database of the test's own, dropped afterwards."""
    import sqlalchemy as sa

    require("postgres")
    name = f"farun_test_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as conn:
            conn.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()
