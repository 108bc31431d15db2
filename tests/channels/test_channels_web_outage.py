"""PostgreSQL goes away and comes back (a wire between farun and the server is cut): nothing acknowledged is lost."""

import asyncio
from contextlib import asynccontextmanager
from dataclasses import replace
from urllib.parse import urlsplit

import pytest
from serving import serving

pytestmark = pytest.mark.postgres


class Wire:
    """A TCP relay to PostgreSQL that can be cut and mended; its port stays the same."""

    def __init__(self, host, port):
        self.target, self.server, self.port, self.open = (host, port), None, 0, set()

    async def mend(self):
        self.server = await asyncio.start_server(self._relay, "127.0.0.1", self.port)
        self.port = self.server.sockets[0].getsockname()[1]

    async def cut(self):
        self.server.close()
        await self.server.wait_closed()
        for writer in list(self.open):
            writer.transport.abort()

    async def _relay(self, reader, writer):
        far_reader, far_writer = await asyncio.open_connection(*self.target)
        self.open |= {writer, far_writer}

        async def pump(source, sink):
            try:
                while data := await source.read(65536):
                    sink.write(data)
                    await sink.drain()
            except OSError:
                pass
            finally:
                sink.close()

        await asyncio.gather(pump(reader, far_writer), pump(far_reader, writer), return_exceptions=True)
        self.open -= {writer, far_writer}


async def post(client, path, headers, message_id, text, **query):
    body = {"message_id": message_id, "text": text}
    async with client.post(path + "/messages", params=query, headers=headers, json=body) as answer:
        return answer.status, await answer.json()


@asynccontextmanager
async def wired(settings, postgres_url):
    parts = urlsplit(postgres_url)
    wire = Wire(parts.hostname, parts.port or 5432)
    loop, ready, box = asyncio.new_event_loop(), asyncio.Event(), {}
    here = asyncio.get_running_loop()

    def relay():
        asyncio.set_event_loop(loop)
        loop.run_until_complete(wire.mend())
        here.call_soon_threadsafe(ready.set)
        loop.run_forever()

    # The relay has a loop of its own: the dispatcher talks to the database directly in the test's loop.
    box["thread"] = asyncio.get_running_loop().run_in_executor(None, relay)
    await ready.wait()
    url = postgres_url.replace(parts.netloc, f"{parts.username}@127.0.0.1:{wire.port}")

    async def on_wire(what):
        await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(what(), loop))

    try:
        async with serving(replace(settings, database_url=url)) as served:
            yield served, lambda: on_wire(wire.cut), lambda: on_wire(wire.mend)
    finally:
        await on_wire(wire.cut)
        await asyncio.sleep(0.1)  # its pumps see the end
        loop.call_soon_threadsafe(loop.stop)
        await box["thread"]


async def test_a_stopped_postgresql_is_told_and_everything_is_answered_later(settings, postgres_url):
    async with wired(settings, postgres_url) as (served, cut, mend):
        client = served.client()
        path, key = await served.talk(client)
        status, told = await post(client, path, key, "m1", "第一句", wait=10)
        assert status == 200 and told["replies"][0]["text"] == "您说的是：第一句"
        await cut()
        status, told = await post(client, path, key, "m2", "第二句")
        assert status == 503 and told["code"] == "storage_down" and "稍后会自动重发" in told["message"]
        async with client.get("/healthz") as answer:
            assert answer.status == 200
        async with client.get("/readyz") as answer:
            assert answer.status == 503
        await mend()
        for _ in range(20):
            status, told = await post(client, path, key, "m2", "第二句", wait=10)
            if status == 200:
                break
            await asyncio.sleep(0.5)
        assert status == 200 and told["replies"][0]["text"] == "您说的是：第二句"
        async with client.get(path + "/messages", headers=key) as answer:
            texts = [m["text"] for m in (await answer.json())["messages"]]
        assert texts == ["第一句", "您说的是：第一句", "第二句", "您说的是：第二句"]
