"""How long `farun up` takes until the page is there and until it answers, with a trained model; and stock Rasa."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from base.settings import Settings
from bot.train import train
from evaluation.bench.machine import report
from evaluation.bench.sides import farun_environment, load, running, stock, wait_until_up

PAGE_TARGET_S, ANSWER_TARGET_S = 5.0, 35.0


def _up(data: Path, model_dir: Path) -> dict[str, float]:
    """Seconds from the start of `farun up` to the page and to the first answer."""
    environment = farun_environment(data, f"sqlite:///{data}/farun.db", model_dir)
    log, address = data / "bench.log", f"http://127.0.0.1:{environment['FARUN_PORT']}"
    start = time.monotonic()
    with running(
        [sys.executable, "-m", "farun", "up", "--port", environment["FARUN_PORT"]], environment, log
    ) as process:
        wait_until_up(f"{address}/", process, log)
        page = time.monotonic() - start
        load("one_long", "ours", address, messages=1)  # waits for its answer; sent while the model still loads
        return {"page_s": round(page, 2), "answering_s": round(time.monotonic() - start, 2)}


def run(settings: Settings) -> dict[str, Any]:
    """The report: a first start (migrations, no training) and a restart of ours, and a start of stock Rasa."""
    model_dir = train(settings).parent
    with tempfile.TemporaryDirectory(prefix="farun-bench-") as folder:
        first, again = _up(Path(folder), model_dir), _up(Path(folder), model_dir)
    start = time.monotonic()
    with stock(settings, "sqlite") as url:
        load("one_long", "stock", url, messages=1)
        theirs = {"answering_s": round(time.monotonic() - start, 2)}
    targets = {"page_target_s": PAGE_TARGET_S, "answering_target_s": ANSWER_TARGET_S}
    ratio = round(theirs["answering_s"] / again["answering_s"], 2)
    return report("startup", ours={"first": first, "restart": again}, stock=theirs, ratio=ratio, **targets)
