"""The web process: channels and pages in one application, its resources opened and closed in order."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Engine

from base.database import StorageDown, make_engine, transaction
from base.http import CLOSING, ENGINE, KNOWLEDGE, LARGEST_JSON, READERS, SETTINGS, WAKE, WRITERS
from base.logs import get_log
from base.settings import Settings
from casework import handoff, hours
from channels import web as chat_api
from channels import web_forms
from channels.bell import Bell
from channels.wake import Wake
from console import app as console
from farun import guard, probes

log = get_log("web")
SWEEP = 30.0  # seconds between looks at hand-offs whose time has come


def make_app(settings: Settings, engine: Engine, kb: Any = None) -> web.Application:
    """The whole web application. `kb`: a knowledge base that is loaded already; else it is loaded beside the start."""
    hours.use_office_hours(settings.office_hours)
    app = web.Application(middlewares=[guard.guard], client_max_size=LARGEST_JSON)
    app[SETTINGS], app[ENGINE] = settings, engine
    app.on_response_prepare.append(guard.dress)  # type: ignore[arg-type]
    app.cleanup_ctx.extend((_pools, _knowledge(kb), _wake, _sweeper))
    app.on_shutdown.append(_close_streams)  # type: ignore[arg-type]
    probes.add_routes(app)
    chat_api.add_routes(app)
    web_forms.add_routes(app)
    console.add_routes(app)
    return app


async def _pools(app: web.Application) -> AsyncIterator[None]:
    """Threads for database calls: few that write (SQLite lets one write at a time), more that read."""
    app[CLOSING] = asyncio.Event()
    app[WRITERS] = ThreadPoolExecutor(4, "write")
    app[READERS] = ThreadPoolExecutor(6, "read")
    yield
    app[CLOSING].set()
    app[WRITERS].shutdown()
    app[READERS].shutdown()


def _knowledge(kb: Any) -> Any:
    async def opened(app: web.Application) -> AsyncIterator[None]:
        app[KNOWLEDGE] = asyncio.ensure_future(_given(kb))
        yield
        app[KNOWLEDGE].cancel()
        await asyncio.gather(app[KNOWLEDGE], return_exceptions=True)

    return opened


async def _given(kb: Any) -> Any:
    if kb is not None:
        return kb
    from knowledge import release

    return await asyncio.to_thread(release.load)


async def _wake(app: web.Application) -> AsyncIterator[None]:
    bell = Bell(app[SETTINGS].database_url, "web")
    bell.listen()
    wake = Wake(app[ENGINE], bell)
    app[chat_api.BELL], app[WAKE] = bell, wake
    wake.start()
    yield
    await wake.stop()
    bell.close()


async def _sweeper(app: web.Application) -> AsyncIterator[None]:
    task = asyncio.ensure_future(_sweep(app))
    yield
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def _sweep(app: web.Application) -> None:
    """Let time act on hand-offs, every half minute, whatever happens."""
    while True:
        await asyncio.sleep(SWEEP)
        try:
            await asyncio.get_running_loop().run_in_executor(app[WRITERS], _sweep_once, app[ENGINE])
        except StorageDown as down:
            log.warning("storage_down", error=str(down))
        except Exception as error:
            log.error("sweep_failed", error=type(error).__name__)


def _sweep_once(engine: Engine) -> None:
    with transaction(engine) as conn:
        handoff.sweep(conn)


async def _close_streams(app: web.Application) -> None:
    """Streams and waiting requests end by themselves: they look at this when they are woken or a second has passed."""
    app[CLOSING].set()
    await asyncio.sleep(0)
    wake = app[WAKE]
    if isinstance(wake, Wake):
        await wake.stop()


def run(settings: Settings, port: int | None = None) -> None:
    """Serve until SIGINT or SIGTERM."""
    engine = make_engine(settings.database_url)
    try:
        web.run_app(
            make_app(settings, engine),
            host=settings.host,
            port=settings.port if port is None else port,
            shutdown_timeout=4.0,
            access_log=None,
            print=None,
        )
    finally:
        engine.dispose()
