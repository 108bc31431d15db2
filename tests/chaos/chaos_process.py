"""A real web or worker process for the chaos test: the real edge and dispatcher, with a brain that counts and repeats.

    python tests/chaos/chaos_process.py web PORT | worker

Settings come from the environment, as for `farun`. The knowledge base is not loaded: nothing here asks it.
"""

import asyncio
import random
import signal
import sys
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent))

from base.logs import configure  # noqa: E402
from base.privacy import use_key  # noqa: E402
from base.settings import Settings  # noqa: E402


@dataclass
class Said:
    """A turn as the brain returns it."""

    replies: list
    memory: object
    new_events_json: str
    slots_json: str
    commands: list = field(default_factory=list)
    answer: dict = None
    summary: dict = None


class Counter:
    """A brain whose reply holds the number of the turn it remembers: a lost or a repeated turn would show."""

    async def turn(self, conversation_id, text, message_id=None, memory=None):
        from bot.memory import Memory

        await asyncio.sleep(random.uniform(0.0, 0.015))  # time in which to be killed
        count = (memory.slots["count"] if memory else 0) + 1
        kept = (memory or Memory()).followed_by(f'["{text}"]', f'{{"count":{count}}}')
        replies = [f"{count}:{text}", f"{count}+{text}"]
        return Said(replies, kept, f'["{text}"]', kept.slots_json, summary={"count": count})


def web(settings: Settings, port: int) -> None:
    from aiohttp import web as http

    from base.database import make_engine
    from farun.web import make_app

    app = make_app(settings, make_engine(settings.database_url), kb=object())
    http.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None)


def worker(settings: Settings) -> None:
    from farun.worker import run

    async def main() -> None:
        stop = asyncio.Event()
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
        await run(settings, Counter(), stop, commands=lambda *_: None)

    asyncio.run(main())


if __name__ == "__main__":
    made = Settings.load()
    configure(made)
    use_key(made.secret_key)
    web(made, int(sys.argv[2])) if sys.argv[1] == "web" else worker(made)
