"""Starts both sides of a bench as real processes on 127.0.0.1 and stops them again: farun, and stock Rasa.

Stock Rasa is `rasa run` with `rasa run actions`, the same model file and the same actions, logging errors only.
"""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from base.settings import ROOT, Settings
from bot.train import train

POSTGRES = os.environ.get("FARUN_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")
UP_WITHIN = 180.0  # seconds that a process may take to answer
QUIET = {
    "RASA_TELEMETRY_ENABLED": "false",
    "TF_CPP_MIN_LOG_LEVEL": "3",
    "SQLALCHEMY_SILENCE_UBER_WARNING": "1",
    "PYTHONWARNINGS": "ignore",
    "PYTHONPATH": str(ROOT),
    "OMP_NUM_THREADS": "1",
}


class BenchFailed(RuntimeError):
    """A side did not start, or did not answer every message."""


def free_port() -> int:
    """A port of 127.0.0.1 that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process with its children; its output goes to `log`; ended (SIGTERM, then SIGKILL) at the end."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            cwd=ROOT,
            env={**os.environ, **QUIET, **environment},
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        try:
            yield process
        finally:
            _stop(process)


def _stop(process: subprocess.Popen[bytes]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        try:
            os.killpg(process.pid, number)
        except ProcessLookupError:
            pass
        try:
            process.wait(15)
        except subprocess.TimeoutExpired:
            continue


def answers(url: str) -> bool:
    """Whether a GET of `url` gives 200 within two seconds."""
    try:
        with urllib.request.urlopen(url, timeout=2) as response:
            return bool(response.status == 200)
    except (OSError, urllib.error.URLError):
        return False


def wait_until_up(url: str, process: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until `url` answers; BenchFailed when the process ends or takes too long."""
    until = time.monotonic() + UP_WITHIN
    while not answers(url):
        if process.poll() is not None or time.monotonic() > until:
            raise BenchFailed(f"{url} did not come up; the log ends with:\n{log.read_text(errors='replace')[-2000:]}")
        time.sleep(0.1)


@contextmanager
def postgres() -> Iterator[str]:
    """A PostgreSQL database for one bench, dropped at the end."""
    name = f"farun_bench_{uuid.uuid4().hex[:12]}"
    admin = sa.create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as conn:
        conn.execute(sa.text(f"CREATE DATABASE {name}"))
    try:
        yield POSTGRES.rsplit("/", 1)[0] + f"/{name}"
    finally:
        with admin.connect() as conn:
            conn.execute(sa.text(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)"))
        admin.dispose()


def missing_services() -> list[str]:
    """Which of PostgreSQL and Redis cannot be reached here."""
    missing = []
    try:
        sa.create_engine(POSTGRES, connect_args={"connect_timeout": 2}).connect().close()
    except sa.exc.SQLAlchemyError:
        missing.append("PostgreSQL")
    try:
        socket.create_connection(("127.0.0.1", 6379), timeout=1).close()
    except OSError:
        missing.append("Redis")
    return missing


@contextmanager
def ours(settings: Settings, database: str) -> Iterator[str]:
    """`farun web` and `farun worker` on `sqlite` or `postgresql`; the address of the page once it answers messages."""
    model = train(settings)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="farun-bench-")))
        url = f"sqlite:///{data}/farun.db" if database == "sqlite" else stack.enter_context(postgres())
        environment = farun_environment(data, url, model.parent)
        subprocess.run(
            [sys.executable, "-m", "farun", "migrate"],
            cwd=ROOT,
            env={**os.environ, **QUIET, **environment},
            check=True,
            stdout=subprocess.DEVNULL,
        )
        log, port = data / "bench.log", environment["FARUN_PORT"]
        process = stack.enter_context(running([sys.executable, "-m", "farun", "web", "--port", port], environment, log))
        worker = stack.enter_context(running([sys.executable, "-m", "farun", "worker"], environment, log))
        address = f"http://127.0.0.1:{port}"
        wait_until_up(f"{address}/healthz", process, log)
        wait_until_up(f"{address}/readyz", worker, log)
        yield address


def farun_environment(data: Path, database_url: str, model_dir: Path) -> dict[str, str]:
    """Settings of a farun that keeps everything in `data`."""
    port = str(free_port())
    return {
        "FARUN_DATA_DIR": str(data),
        "FARUN_DATABASE_URL": database_url,
        "FARUN_MODEL_DIR": str(model_dir),
        "FARUN_PORT": port,
        "FARUN_PUBLIC_URL": f"http://127.0.0.1:{port}",
        "FARUN_LOG_LEVEL": "ERROR",
    }


@contextmanager
def stock(settings: Settings, database: str) -> Iterator[str]:
    """`rasa run` with `rasa run actions` on SQLite, or on PostgreSQL with the Redis lock store; its address."""
    model = train(settings)
    with ExitStack() as stack:
        data = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="farun-bench-")))
        action_port, port, log = free_port(), free_port(), data / "bench.log"
        endpoints: dict[str, Any] = {"action_endpoint": {"url": f"http://127.0.0.1:{action_port}/webhook"}}
        if database == "sqlite":
            endpoints["tracker_store"] = {"type": "SQL", "dialect": "sqlite", "db": str(data / "rasa.db")}
        else:
            url = stack.enter_context(postgres())
            endpoints["tracker_store"] = {"type": "SQL", "dialect": "postgresql", "url": url}
            endpoints["lock_store"] = {"type": "redis", "url": "127.0.0.1", "port": 6379, "db": 1}
        (data / "endpoints.yml").write_text(json.dumps(endpoints), encoding="utf-8")  # JSON is YAML
        (data / "credentials.yml").write_text("rest:\n", encoding="utf-8")
        rasa = str(Path(sys.executable).with_name("rasa"))
        quiet = {"LOG_LEVEL": "ERROR"}
        actions = [rasa, "run", "actions", "--actions", "actions", "--port", str(action_port)]
        server = stack.enter_context(running(actions, quiet, log))
        command = [rasa, "run", "--interface", "127.0.0.1", "--port", str(port), "--model", str(model)]
        command += ["--endpoints", str(data / "endpoints.yml"), "--credentials", str(data / "credentials.yml")]
        process = stack.enter_context(running(command, quiet, log))
        wait_until_up(f"http://127.0.0.1:{action_port}/health", server, log)
        wait_until_up(f"http://127.0.0.1:{port}/", process, log)
        yield f"http://127.0.0.1:{port}"


SIDES = {"ours": ours, "stock": stock}


@contextmanager
def both_sides(settings: Settings, database: str) -> Iterator[dict[str, str]]:
    """Both sides up at once on one database: side → address."""
    with stock(settings, database) as theirs, ours(settings, database) as own:
        yield {"stock": theirs, "ours": own}


def databases() -> list[str]:
    """The databases that can be measured here, the most telling one last."""
    return ["sqlite"] if missing_services() else ["sqlite", "postgresql"]


def load(shape: str, side: str, url: str, **plan: Any) -> dict[str, Any]:
    """Put load on a running side from another process; BenchFailed when a message was left without an answer."""
    given = json.dumps({"shape": shape, "side": side, "url": url, **plan})
    command = [sys.executable, "-m", "evaluation.bench.load"]
    done = subprocess.run(
        command, cwd=ROOT, env={**os.environ, **QUIET}, input=given, capture_output=True, text=True, timeout=900
    )
    if done.returncode:
        raise BenchFailed(f"the load on {side} failed:\n{done.stderr[-2000:]}")
    result: dict[str, Any] = json.loads(done.stdout)
    if result["silent"]:
        raise BenchFailed(f"{side} left {result['silent']} messages without an answer")
    return result
