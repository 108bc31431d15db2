"""What machines ask: alive, ready to answer, and how it is doing (Prometheus; no personal labels)."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from sqlalchemy.engine import Connection

from base.http import COUNT, SETTINGS, Problem, as_json, error_body, read
from casework import handoff

FRESH = {"training": 900.0, "loading": 180.0}  # seconds a worker's word holds; a ready one writes every two seconds
READY_FRESH = 12.0
SAYS = {
    "training": "正在学习知识库，大约一两分钟",
    "loading": "正在准备，马上就好",
    "stopped": "机器人暂时停了，正在重新启动",
    "unknown": "机器人还没有启动",
}


class Metrics:
    """The figures of one application; each application has a registry of its own."""

    def __init__(self) -> None:
        self.registry = kept = CollectorRegistry()
        self.messages = Counter("farun_messages", "Messages received", ["channel", "result"], registry=kept)
        labels = ["method", "route", "status"]
        self.requests = Histogram("farun_request_seconds", "HTTP requests", labels, registry=kept)
        self.answers = Histogram("farun_answer_seconds", "From a stored message to its answer (?wait)", registry=kept)
        self.waiting = Gauge("farun_handoffs_waiting", "Hand-offs that nobody has taken", registry=kept)
        self.ready = Gauge("farun_worker_ready", "1 when a worker answers", registry=kept)

    def count(self, what: str, *values: Any) -> None:
        """messages: channel, result; answer_seconds: seconds; requests: method, route, status, seconds."""
        if what == "messages":
            self.messages.labels(*values).inc()
        elif what == "answer_seconds":
            self.answers.observe(values[0])
        else:
            *labels, seconds = values
            self.requests.labels(*labels).observe(seconds)


METRICS = web.AppKey("metrics", Metrics)


async def healthz(_request: web.Request) -> web.Response:
    """GET: the process is alive."""
    return as_json({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """GET: database and worker are ready (200), or what is missing (503, in the one error shape)."""
    checks: dict[str, Any] = {"database": await _database(request), "worker": worker(request.config_dict[SETTINGS])}
    if all(check["ok"] for check in checks.values()):
        return as_json({"ready": True, "checks": checks})
    away = not checks["database"]["ok"]
    code, message = ("storage_down", "存储暂时不可用") if away else ("not_ready", checks["worker"]["message"])
    body = error_body(request, Problem(503, code, message, "消息会先存着，好了自动回复。"))
    return as_json({**body, "ready": False, "checks": checks}, status=503, headers={"Retry-After": "3"})


async def _database(request: web.Request) -> dict[str, Any]:
    try:
        await read(request, lambda conn: conn.execute(sa.text("SELECT 1")).scalar())
    except Problem:
        return {"ok": False, "message": "数据库连不上"}
    return {"ok": True}


def worker(settings: Any) -> dict[str, Any]:
    """What the worker last wrote about itself, and whether that is fresh enough to be believed."""
    path: Path = settings.data_dir / "worker.json"
    try:
        told, age = json.loads(path.read_text(encoding="utf-8")), time.time() - path.stat().st_mtime
        state, progress = str(told["state"]), str(told.get("progress") or "")
    except (OSError, ValueError, KeyError, TypeError):
        state, progress, age = "unknown", "", 0.0
        if not settings.embedded:  # workers on other hosts write elsewhere; the database alone is judged
            return {"ok": True, "state": "elsewhere", "message": ""}
    if age > FRESH.get(state, READY_FRESH):
        state, progress = "stopped", ""
    message = "" if state == "ready" else progress or SAYS.get(state, SAYS["unknown"])
    return {"ok": state == "ready", "state": state, "message": message, "model": state == "ready"}


async def metrics(request: web.Request) -> web.Response:
    """GET: the figures in Prometheus' text format."""
    held = request.config_dict[METRICS]
    try:
        held.waiting.set(await read(request, _waiting))
    except Problem:
        held.waiting.set(float("nan"))
    held.ready.set(1 if worker(request.config_dict[SETTINGS])["ok"] else 0)
    return web.Response(body=generate_latest(held.registry), headers={"Content-Type": CONTENT_TYPE_LATEST})


def _waiting(conn: Connection) -> int:
    return len(handoff.waiting(conn))


def add_routes(app: web.Application) -> None:
    """The probes' routes, and the counting function that handlers use."""
    app[METRICS] = Metrics()
    app[COUNT] = app[METRICS].count
    app.add_routes(
        [
            web.get("/healthz", healthz, allow_head=False),
            web.get("/readyz", readyz, allow_head=False),
            web.get("/metrics", metrics, allow_head=False),
        ]
    )
