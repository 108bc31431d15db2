"""Clones the repository into an empty folder, runs `make run` there and asks one question: what a newcomer does first."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PORT = 18480
URL = f"http://127.0.0.1:{PORT}"
TEXT = "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂"
WITHIN = 600  # seconds for installing, training and answering


def call(path: str, body: dict | None = None, token: str | None = None) -> dict:
    """One API call; the JSON answer."""
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {token}"} if token else {})
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(URL + path, data=data, headers=headers, method="GET" if body is None else "POST")
    with urllib.request.urlopen(request, timeout=40) as answer:
        return json.load(answer)


def first_answer(until: float) -> list[str]:
    """Wait for the page, then for the assistant's replies to the question."""
    opened, number = None, 0
    while time.monotonic() < until:
        try:
            opened = opened or call("/api/v1/conversations", {})
            path = f"/api/v1/conversations/{opened['conversation']}/messages?wait=25"
            answer = call(path, {"message_id": "fresh-1", "text": TEXT}, opened["token"])
            if answer.get("replies"):
                return [r["text"] for r in answer["replies"]]
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            number += 1
        time.sleep(2)
    raise SystemExit(f"no answer within {WITHIN} s ({number} calls failed)")


def main() -> None:
    """Clone, run, ask, stop; exits non-zero when the sums are not in the answer or the end is not clean."""
    with tempfile.TemporaryDirectory() as folder:
        clone = Path(folder) / "farun"
        subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True)
        env = {k: v for k, v in os.environ.items() if not k.startswith("FARUN_") and k != "VIRTUAL_ENV"}
        started = time.monotonic()
        run = subprocess.Popen(["make", "run", f"PORT={PORT}"], cwd=clone, env=env, start_new_session=True)
        try:
            texts = first_answer(started + WITHIN)
        finally:
            os.killpg(run.pid, signal.SIGTERM)
            try:
                run.wait(30)
            except subprocess.TimeoutExpired:
                os.killpg(run.pid, signal.SIGKILL)
                raise SystemExit("make run did not end within 30 s of SIGTERM") from None
        text = "\n".join(texts)
        missing = [sum_ for sum_ in ("13,000", "26,000", "71,500") if sum_ not in text]
        if missing:
            sys.exit(f"the first answer lacks {missing}:\n{text}")
        print(f"fresh clone answered {time.monotonic() - started:.0f} s after make run")


if __name__ == "__main__":
    main()
