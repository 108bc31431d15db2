"""Help for tests over HTTP: the web application on a database of its own, a brain that repeats, people who sign in."""

import asyncio
import re
import threading
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field

from aiohttp import ClientSession, CookieJar, web
from aiohttp.test_utils import TestServer

from base import database
from base.privacy import use_key
from bot.memory import Memory
from casework import accounts, commands
from channels.bell import Bell
from farun.web import make_app
from farun.worker import Dispatcher
from knowledge import release
from migrations import upgrade

PASSWORD = "correct horse 9"
STORY = "老板拖了我两个月工资一个月六千五"
_kb = []


def kb():
    """The knowledge base of the repository, read once."""
    if not _kb:
        _kb.append(release.load())
    return _kb[0]


@dataclass
class Said:
    """A turn as the brain returns it."""

    replies: list
    memory: Memory
    new_events_json: str = "[]"
    slots_json: str = "{}"
    commands: list = field(default_factory=list)
    answer: dict = None
    summary: dict = None


SUMMARY = {
    "problems": ["拖欠工资"],
    "topics": ["wages"],
    "facts": {
        "monthly_wage": {"label": "月工资", "value": "6500", "show": "月工资6,500元", "source": "said"},
        "months_owed": {"label": "拖欠月数", "value": 2, "show": "拖欠2个月", "source": "said"},
        "employer_name": {"label": "单位名称", "value": "某某电子厂", "show": "单位：某某电子厂", "source": "said"},
    },
    "claims": [{"kind": "arrears", "label": "拖欠的工资", "amount": "13000.00", "formula": "6500 × 2"}],
    "deadlines": [{"kind": "arbitration", "label": "申请仲裁", "date": "2027-11-07"}],
    "unknown": [],
    "answers": ["拖欠工资怎么办"],
    "open_question": "有没有跟单位签书面劳动合同？",
    "risk": [],
}


class Parrot:
    """A brain that repeats what it hears; 转人工 asks for a person, 我的事 fills the summary."""

    def __init__(self):
        self.heard = []

    async def turn(self, conversation_id, text, message_id=None, memory=None):
        self.heard.append(text)
        commands = [{"command": "request_handoff", "reason": "asked"}] if text == "转人工" else []
        told = SUMMARY if text == STORY else None
        answer = {"ask_next": "has_contract"} if text == STORY else None
        replies = [] if commands else [f"您说的是：{text}"]
        if told:
            replies.append("有没有跟单位签书面劳动合同？")
        return Said(replies, memory or Memory(), commands=commands, answer=answer, summary=told)


class Served:
    """A running web application with (or without) a worker, and clients that hold cookies."""

    def __init__(self, server, engine, settings):
        self.server, self.engine, self.settings = server, engine, settings
        self.url = str(server.make_url("/")).rstrip("/")
        self._open = []

    def client(self, **headers):
        """A browser of its own: cookies, and an Origin as browsers send it."""
        made = ClientSession(
            base_url=self.url, cookie_jar=CookieJar(unsafe=True), headers={"Origin": self.url, **headers}
        )
        self._open.append(made)
        return made

    async def talk(self, client=None):
        """A conversation: its path below the API and the headers that open it."""
        client = client or self.client()
        async with client.post("/api/v1/conversations") as answer:
            made = await answer.json()
        return f"/api/v1/conversations/{made['conversation']}", {"Authorization": f"Bearer {made['token']}"}

    def person(self, name, role):
        """An account with the tests' password."""
        with database.transaction(self.engine) as conn:
            account = accounts.create(conn, name, role)
            accounts.accept(conn, accounts.invite(conn, account), PASSWORD)
        return account

    async def signed_in(self, name, role=None):
        """A client that is signed in; the account is made when a role is given."""
        if role is not None:
            await asyncio.to_thread(self.person, name, role)
        client = self.client()
        csrf = await token(client, "/login")
        async with client.post("/login", data={"csrf": csrf, "name": name, "password": PASSWORD}) as answer:
            assert answer.status == 200, await answer.text()
        return client

    async def close(self):
        for client in self._open:
            await client.close()


async def token(client, path):
    """The CSRF token in the first form of a page."""
    async with client.get(path, headers={"Accept": "text/html"}) as answer:
        return re.search(r'name="csrf" value="([^"]+)"', await answer.text()).group(1)


async def hidden(client, path):
    """All hidden fields of a page."""
    async with client.get(path, headers={"Accept": "text/html"}) as answer:
        return hidden_in(await answer.text())


def hidden_in(text):
    """Name → value of the hidden fields in a page's text."""
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', text))


def _run_command(conn, conversation_id, command):
    commands.execute(conn, conversation_id, command, kb())


@asynccontextmanager
async def serving(settings, brain=None, worker=True, port=None):
    """The application of `settings` at a free port, with a worker beside it unless `worker` is False."""
    use_key(settings.secret_key)
    engine = database.make_engine(settings.database_url)
    upgrade(engine)
    server = TestServer(make_app(settings, engine, kb()), **({"port": port} if port else {}))
    await server.start_server(shutdown_timeout=2)
    served, stop = Served(server, engine, settings), asyncio.Event()
    task = None
    if worker:
        bell = Bell(settings.database_url, "worker")
        bell.listen()
        dispatcher = Dispatcher(engine, brain or Parrot(), Memory.restored, _run_command, bell)
        task = asyncio.ensure_future(dispatcher.run(stop))
    try:
        yield served
    finally:
        stop.set()
        if task is not None:
            await task
            bell.close()
        await served.close()
        await server.close()
        engine.dispose()


@contextmanager
def in_thread(settings, **options):
    """The same for tests that are not asynchronous (a browser's): the application runs in a thread of its own."""
    ready, done, box = threading.Event(), threading.Event(), {}

    async def run():
        async with serving(settings, **options) as served:
            box["served"] = served
            ready.set()
            while not done.is_set():
                await asyncio.sleep(0.05)

    def main():
        try:
            asyncio.run(run())
        except BaseException as error:  # told to the test instead of a silent time-out
            box["error"] = error
            ready.set()

    thread = threading.Thread(target=main, daemon=True)
    thread.start()
    assert ready.wait(30), "the application did not start"
    if "error" in box:
        raise box["error"]
    try:
        yield box["served"]
    finally:
        done.set()
        thread.join(15)


__all__ = ["Parrot", "Served", "hidden", "hidden_in", "in_thread", "kb", "serving", "token", "web"]
