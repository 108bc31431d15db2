"""`farun up` and `farun worker`: start, watch and stop the processes of one machine.

`up` keeps a web and a worker process alive and restarts one that dies. `worker` trains the model first when it is
missing or stale (in a process of its own, so that training leaves no memory behind), then answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from base import clock
from base.database import make_engine, transaction
from base.logs import get_log
from base.settings import Settings

log = get_log("supervise")
RESTART_AFTER = 1.0  # seconds; doubled for each restart in a row, up to 30
STOP_WITHIN = 12.0  # seconds that a child has after SIGTERM


def prepare(settings: Settings) -> None:
    """Bring the database up to date and, on the first start, print the administrator's one-time link."""
    from casework import accounts
    from migrations import upgrade

    engine = make_engine(settings.database_url)
    upgrade(engine)
    with transaction(engine) as conn:
        token = accounts.first_admin(conn)
    engine.dispose()
    if token:
        print(
            f"First start. The administrator sets a password, once, at {settings.public_url}/invite/{token}", flush=True
        )


def _at_port(settings: Settings, port: int) -> Settings:
    """The settings with another port; the public address follows when it was our own."""
    own = settings.public_url.removesuffix(f":{settings.port}")
    moved = f"{own}:{port}" if own != settings.public_url else settings.public_url
    return replace(settings, port=port, public_url=moved)


class Child:
    """One process that must live: started, watched, restarted with growing pauses."""

    def __init__(self, name: str, arguments: list[str]):
        self.name = name
        self.command = [sys.executable, "-m", "farun", *arguments]
        self.process: subprocess.Popen[bytes] | None = None
        self.restarts = 0
        self.started = 0.0

    def start(self) -> None:
        """Start the process in our environment."""
        self.process = subprocess.Popen(self.command)
        self.started = time.monotonic()

    def check(self) -> None:
        """Restart the process if it died; pauses are kept by the time of its last start."""
        if self.process is None or self.process.poll() is None:
            if self.restarts and time.monotonic() - self.started > 60:
                self.restarts = 0
            return
        pause = min(RESTART_AFTER * 2**self.restarts, 30.0)
        if time.monotonic() - self.started < pause:
            return
        log.warning("restart", process=self.name, code=self.process.returncode)
        self.restarts += 1
        self.start()

    def stop(self, until: float) -> None:
        """End the process: SIGTERM was sent; SIGKILL when it is still there at `until`."""
        if self.process is None:
            return
        try:
            self.process.wait(max(0.1, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def up(settings: Settings, port: int | None = None) -> int:
    """Run web and worker until SIGINT or SIGTERM; 0 when both ended cleanly."""
    settings = _at_port(settings, port or settings.port)
    port = settings.port
    prepare(settings)
    children = [Child("web", ["web", "--port", str(port)]), Child("worker", ["worker"])]
    stopping: list[int] = []
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda n, _frame: stopping.append(n))
    for child in children:
        child.start()
    print(f"farun is at http://{settings.host}:{port} (data in {settings.data_dir}; Ctrl-C ends it)", flush=True)
    while not stopping:
        time.sleep(0.2)
        for child in children:
            child.check()
    for child in children:
        if child.process and child.process.poll() is None:
            child.process.send_signal(signal.SIGTERM)
    until = time.monotonic() + STOP_WITHIN
    for child in children:
        child.stop(until)
    return 0


class Status:
    """What the worker is doing, in a small file that the pages and /readyz read."""

    def __init__(self, path: Path):
        self.path = path

    def tell(self, state: str, progress: str = "") -> None:
        """Write the state (training, loading, ready, stopped) whole or not at all."""
        text = json.dumps(
            {"state": state, "progress": progress, "at": clock.now().isoformat(), "pid": os.getpid()},
            ensure_ascii=False,
        )
        draft = self.path.with_suffix(f".{os.getpid()}.tmp")
        draft.write_text(text, encoding="utf-8")
        draft.replace(self.path)


async def _beat(status: Status, state: Callable[[], str]) -> None:
    while True:
        status.tell(state())
        await asyncio.sleep(2)


async def _train(settings: Settings, status: Status, stop: asyncio.Event) -> bool:
    """Train in a process of its own unless the model is fresh; False when asked to stop meanwhile."""
    from bot.train import fresh

    if fresh(settings):
        return True
    status.tell("training", "正在学习知识库，大约一两分钟")
    while not stop.is_set():
        process = await asyncio.create_subprocess_exec(sys.executable, "-m", "farun", "train")
        waits = {asyncio.ensure_future(process.wait()), asyncio.ensure_future(stop.wait())}
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if process.returncode is None:
            process.terminate()
            await process.wait()
            return False
        if process.returncode == 0:
            return True
        log.error("training_failed", code=process.returncode)
        status.tell("training", "学习没有成功，稍后自动再试")
        await asyncio.wait([asyncio.ensure_future(stop.wait())], timeout=30)
    return False


async def _work(settings: Settings) -> None:
    from farun.worker import run

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop.set)
    status = Status(settings.data_dir / "worker.json")
    if not await _train(settings, status, stop):
        status.tell("stopped")
        return
    status.tell("loading")
    from bot.agent import Brain
    from casework import hours

    brain = await asyncio.to_thread(Brain.load, settings.model_dir)
    hours.use_office_hours(settings.office_hours)
    beat = asyncio.ensure_future(_beat(status, lambda: "ready"))
    try:
        await run(settings, brain, stop)
    finally:
        beat.cancel()
        status.tell("stopped")


def worker(settings: Settings) -> int:
    """Answer until SIGTERM."""
    asyncio.run(_work(settings))
    return 0
