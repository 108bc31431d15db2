"""The web chat's API from the outside: stored before acknowledged, the same answer to a repeat, events that resume."""

import asyncio
import json
import sqlite3
import time

import pytest
from serving import hidden_in

SHAPE = {"code", "message", "hint", "request_id"}


async def post(client, path, headers, message_id, text, **query):
    async with client.post(
        path + "/messages", params=query, headers=headers, json={"message_id": message_id, "text": text}
    ) as answer:
        return answer.status, await answer.json()


async def stream(client, path, headers, count, after=None):
    """The first `count` events with data: (id, kind, data)."""
    found, fields = [], {}
    extra = {"Last-Event-ID": str(after)} if after is not None else {}
    async with client.get(path + "/events", headers={**headers, **extra}) as answer:
        assert answer.headers["Content-Type"].startswith("text/event-stream")
        async for raw in answer.content:
            line = raw.decode().rstrip("\n")
            if line:
                name, _, value = line.partition(": ")
                fields[name] = value
            elif "data" in fields:
                found.append((fields.get("id"), fields["event"], json.loads(fields["data"])))
                fields = {}
                if len(found) == count:
                    return found
            else:
                fields = {}
    return found


async def test_a_question_is_answered_and_a_repeat_gives_the_same(served):
    client = served.client()
    path, key = await served.talk(client)
    first = await post(client, path, key, "m1", "老板不发工资", wait=10)
    again = await post(client, path, key, "m1", "老板不发工资", wait=10)
    assert first[0] == 200 and first[1]["holder"] == "bot"
    assert [(r["author"], r["text"]) for r in first[1]["replies"]] == [("bot", "您说的是：老板不发工资")]
    assert again == first
    status, told = await post(client, path, key, "m1", "别的话", wait=10)
    assert status == 409 and set(told) == SHAPE
    async with client.get(path + "/messages", headers=key) as answer:
        told = await answer.json()
    assert [m["text"] for m in told["messages"]] == ["老板不发工资", "您说的是：老板不发工资"]


async def test_without_wait_the_message_is_acknowledged_at_once_and_the_answer_comes_as_an_event(served):
    client = served.client()
    path, key = await served.talk(client)
    began = time.monotonic()
    status, told = await post(client, path, key, "m1", "你好")
    assert status == 202 and told["status"] == "received" and time.monotonic() - began < 2
    events = await asyncio.wait_for(stream(client, path, key, 3), 10)
    assert [(e[1], e[2].get("text")) for e in events if e[1] == "message"] == [
        ("message", "你好"),
        ("message", "您说的是：你好"),
    ]
    assert [e[0] for e in events if e[1] == "message"] == ["1", "2"]


async def test_events_resume_after_the_last_one_seen(served):
    client = served.client()
    path, key = await served.talk(client)
    await post(client, path, key, "m1", "一", wait=10)
    await post(client, path, key, "m2", "二", wait=10)
    events = await asyncio.wait_for(stream(client, path, key, 3, after=2), 10)
    assert [e[2]["text"] for e in events if e[1] == "message"] == ["二", "您说的是：二"]


async def test_an_open_stream_hears_what_is_said_later_within_a_moment(served):
    client = served.client()
    path, key = await served.talk(client)
    listening = asyncio.ensure_future(stream(client, path, key, 3))
    await asyncio.sleep(0.3)
    await post(client, path, key, "m1", "晚到的话")
    events = await asyncio.wait_for(listening, 5)
    assert [e[2]["text"] for e in events if e[1] == "message"] == ["晚到的话", "您说的是：晚到的话"]


async def test_six_messages_at_once_are_all_answered_in_the_order_of_arrival(served):
    client = served.client()
    path, key = await served.talk(client)
    answers = await asyncio.gather(*(post(client, path, key, f"m{i}", f"第{i}句", wait=10) for i in range(6)))
    assert [status for status, _ in answers] == [200] * 6
    async with client.get(path + "/messages", headers=key) as answer:
        said = (await answer.json())["messages"]
    asked = [m["text"] for m in said if m["author"] == "worker"]
    replied = [m["text"].removeprefix("您说的是：") for m in said if m["author"] == "bot"]
    assert len(asked) == 6 and replied == asked


async def test_a_wrong_token_and_an_unknown_conversation_look_the_same(served):
    client = served.client()
    path, key = await served.talk(client)
    forged = {"Authorization": "Bearer " + "x" * 43}
    elsewhere = "/api/v1/conversations/c_doesnotexist"
    other_path, other_key = await served.talk(client)
    seen = []
    for place, headers in ((path, forged), (elsewhere, forged), (elsewhere, key), (path, other_key), (path, {})):
        for method, tail in (("post", "/messages"), ("get", "/messages"), ("get", "/events"), ("post", "/handoff")):
            body = {"json": {"message_id": "m", "text": "您好"}} if tail == "/messages" and method == "post" else {}
            async with client.request(method, place + tail, headers=headers, **body) as answer:
                told = await answer.json()
                seen.append((answer.status, told["code"], told["message"], told["hint"]))
    assert len(set(seen)) == 1 and seen[0][0] == 401


async def test_an_ended_conversation_says_so_kindly(served):
    client = served.client()
    path, key = await served.talk(client)
    await post(client, path, key, "m1", "你好", wait=10)
    async with client.delete(path, headers=key) as answer:
        assert answer.status == 200
    status, told = await post(client, path, key, "m2", "还在吗")
    assert status == 410 and "重新开始" in told["message"]
    assert (await post(client, path, key, "m1", "你好", wait=5))[0] == 200  # what was stored keeps its result


@pytest.mark.parametrize("text", ["", "  \n\t ", "\x00\x01\x1b", "\u200b\u200d", "\u3000"])
async def test_no_text_is_told_so(served, text):
    client = served.client()
    path, key = await served.talk(client)
    status, told = await post(client, path, key, "m1", text)
    assert status == 422 and told["message"].startswith("没有收到文字") and set(told) == SHAPE


async def test_ten_thousand_characters_are_refused_with_advice(served):
    client = served.client()
    path, key = await served.talk(client)
    for text in ("老" * 10_000, "a" * 10_000, "😀" * 10_000, "老" * 100_000):
        status, told = await post(client, path, key, "m1", text)
        assert status in (413, 422) and "太长了，请分几段发" in told["message"] and set(told) == SHAPE
    assert (await post(client, path, key, "m1", "老" * 4000, wait=10))[0] == 200


HOSTILE = [
    "/restart",
    '/ask_human{"x":1}',
    '/inform{"name": "x"}',
    "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "'; DROP TABLE message; --",
    "{{7*7}} ${7*7} %s %n",
    "😀😀😀",
    "a\x00b\x1b[31mc",
    "\u202e工资\u202c",
    "２万３ 1.3w 两万三",
    "\ud83d" + "半个表情",
    "2月30日 负三千 400小时",
]


@pytest.mark.parametrize("text", HOSTILE)
async def test_hostile_text_is_kept_as_text_and_answered(served, text):
    client = served.client()
    path, key = await served.talk(client)
    status, told = await post(client, path, key, "m1", text, wait=10)
    assert status == 200, told
    async with client.get(path + "/messages", headers=key) as answer:
        kept = (await answer.json())["messages"][0]["text"]
    assert "\x00" not in kept and "\x1b" not in kept and "\u202e" not in kept
    if text.isprintable():
        assert kept == text


async def test_the_page_never_turns_text_into_html(served):
    client = served.client()
    async with client.get("/", headers={"Accept": "text/html"}) as answer:
        fields = hidden_in(await answer.text())
    attack = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    sent = {"csrf": fields["csrf"], "message_id": "m1", "text": attack}
    async with client.post("/chat/send", data=sent) as answer:
        page = await answer.text()
    assert answer.status == 200 and "<script>alert" not in page and "<img src=x" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


@pytest.mark.parametrize(
    "body, status",
    [
        (b"{", 400),
        (b"\xff\xfe", 400),
        (b"[1]", 422),
        (b'"x"', 422),
        (b'{"text": "x"}', 422),
        (b'{"message_id": 5, "text": "x"}', 422),
        (b'{"message_id": "", "text": "x"}', 422),
        (b'{"message_id": "a b", "text": "x"}', 422),
        (b'{"message_id": "m", "text": 5}', 422),
        (b'{"message_id": "m", "text": null}', 422),
        (b"[" * 30_000, 400),
        (b"", 422),
    ],
)
async def test_bodies_that_are_no_message(served, body, status):
    client = served.client()
    path, key = await served.talk(client)
    headers = {**key, "Content-Type": "application/json"}
    async with client.post(path + "/messages", data=body, headers=headers) as answer:
        assert answer.status == status and set(await answer.json()) == SHAPE


@pytest.mark.parametrize("wait", ["x", "-1", "nan", "inf", "1e400"])
async def test_a_wrong_wait(served, wait):
    client = served.client()
    path, key = await served.talk(client)
    status, told = await post(client, path, key, "m1", "你好", wait=wait)
    assert status == 422 and told["code"] == "bad_wait"


async def test_every_error_has_the_one_shape(served):
    client = served.client()
    path, key = await served.talk(client)
    asked = [
        ("GET", "/api/v1/nothing", 404),
        ("PUT", "/api/v1/conversations", 405),
        ("PATCH", path, 405),
        ("GET", "/nothing", 404),
        ("POST", "/healthz", 405),
        ("GET", "/static/../base/settings.py", 404),
        ("GET", "/static/%2e%2e/app.py", 404),
        ("GET", path + "/messages?after=x", 422),
    ]
    for method, place, status in asked:
        async with client.request(method, place, headers=key) as answer:
            told = await answer.json()
            assert (answer.status, set(told)) == (status, SHAPE), (method, place)
            assert told["request_id"] == answer.headers["X-Request-Id"]
    async with client.put("/api/v1/conversations", headers=key) as answer:
        assert "POST" in answer.headers["Allow"]


async def test_a_person_can_be_asked_for_while_the_bot_is_away(alone):
    client = alone.client()
    path, key = await alone.talk(client)
    async with client.post(path + "/handoff", headers=key) as answer:
        first = await answer.json()
    assert answer.status == 200 and first["holder"] == "queue" and first["ticket"].startswith("RG")
    async with client.post(path + "/handoff", headers=key) as answer:
        assert (await answer.json())["ticket"] == first["ticket"]
    status, told = await post(client, path, key, "m1", "我再补充一句", wait=5)
    assert status == 200 and told["holder"] == "queue" and told["replies"] == []
    async with client.delete(path + "/handoff", headers=key) as answer:
        assert answer.status == 200 and (await answer.json())["holder"] == "bot"
    async with client.delete(path + "/handoff", headers=key) as answer:
        assert answer.status == 409 and set(await answer.json()) == SHAPE


async def test_the_typed_wish_for_a_person_is_answered_with_the_ticket(served):
    client = served.client()
    path, key = await served.talk(client)
    status, told = await post(client, path, key, "m1", "转人工", wait=10)
    assert status == 200 and told["holder"] == "queue"
    assert [r["author"] for r in told["replies"]] == ["system"] and "RG" in told["replies"][0]["text"]


async def test_without_a_worker_the_message_is_kept_and_readyz_says_why(alone):
    client = alone.client()
    path, key = await alone.talk(client)
    status, told = await post(client, path, key, "m1", "有人吗", wait=0.5)
    assert status == 202 and told["status"] == "received" and told["replies"] == []
    (alone.settings.data_dir / "worker.json").write_text('{"state": "training", "progress": "正在学习知识库"}')
    async with client.get("/readyz") as answer:
        told = await answer.json()
    assert answer.status == 503 and SHAPE <= set(told) and told["message"] == "正在学习知识库"
    (alone.settings.data_dir / "worker.json").write_text('{"state": "ready"}')
    async with client.get("/readyz") as answer:
        assert answer.status == 200 and (await answer.json())["ready"] is True
    async with client.get("/healthz") as answer:
        assert answer.status == 200


async def test_a_locked_database_is_told_and_the_same_message_goes_through_later(alone):
    client = alone.client()
    path, key = await alone.talk(client)
    lock = sqlite3.connect(alone.settings.data_dir / "farun.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    try:
        sending = asyncio.ensure_future(post(client, path, key, "m1", "存得进去吗"))
        await asyncio.sleep(0.2)
        began = time.monotonic()
        async with client.get("/healthz") as answer:
            assert answer.status == 200 and time.monotonic() - began < 1  # the loop is not blocked
        async with client.get("/", headers={"Accept": "text/html"}) as answer:
            assert answer.status == 200  # reading goes on
        status, told = await sending
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert status == 503 and told["code"] == "storage_down"
    assert told["message"] == "消息暂时存不进去，请保留文字，稍后会自动重发"
    assert (await post(client, path, key, "m1", "存得进去吗"))[0] == 202


async def test_the_cookie_opens_the_conversation_only_for_our_own_page(served):
    client = served.client()
    async with client.post("/api/v1/conversations", json={"remember": True}) as answer:
        made = await answer.json()
        cookie = answer.cookies["farun_chat"]
    assert "token" not in made and cookie["httponly"] and cookie["samesite"] == "Lax"
    path = f"/api/v1/conversations/{made['conversation']}"
    assert (await post(client, path, {}, "m1", "你好", wait=10))[0] == 200
    for origin in ("https://evil.example", "null"):
        status, told = await post(client, path, {"Origin": origin}, "m2", "你好")
        assert status == 403 and set(told) == SHAPE
    async with client.post(
        "/api/v1/conversations", json={"remember": True}, headers={"Origin": "https://evil.example"}
    ) as answer:
        assert answer.status == 403


async def test_a_yes_or_no_question_offers_quick_replies(served):
    from serving import STORY

    client = served.client()
    path, key = await served.talk(client)
    _, told = await post(client, path, key, "m1", STORY, wait=10)
    assert [r["choices"] for r in told["replies"]] == [[], ["有", "没有", "不知道"]]  # with the last words of a turn


async def test_openapi_describes_every_route_of_the_api_and_no_other(served):
    async with served.client().get("/openapi.json") as answer:
        described = await answer.json()
    verbs = {"get", "post", "put", "patch", "delete"}
    written = {(verb, path) for path, item in described["paths"].items() for verb in item if verb in verbs}
    routes = {
        (route.method.lower(), route.resource.canonical)
        for route in served.server.app.router.routes()
        if route.resource.canonical.startswith(("/api/", "/openapi"))
    }
    assert written == routes
    refs = set(json.dumps(described).split("#/components/schemas/")[1:])
    assert {r.split('"')[0] for r in refs} <= set(described["components"]["schemas"])


async def test_metrics_count_messages_and_name_nobody(served):
    client = served.client()
    path, key = await served.talk(client)
    await post(client, path, key, "m1", "我叫王建国", wait=10)
    async with client.get("/metrics") as answer:
        text = await answer.text()
    assert 'farun_messages_total{channel="web",result="new"} 1.0' in text
    assert path.rsplit("/", 1)[1] not in text and "王建国" not in text


@pytest.mark.postgres
async def test_on_postgresql_a_question_is_answered_and_a_person_comes(settings, postgres_url):
    from dataclasses import replace

    from serving import serving

    async with serving(replace(settings, database_url=postgres_url)) as served:
        client = served.client()
        path, key = await served.talk(client)
        answers = await asyncio.gather(*(post(client, path, key, f"m{i}", f"第{i}句", wait=10) for i in range(4)))
        assert [status for status, _ in answers] == [200] * 4
        repeats = await asyncio.gather(*(post(client, path, key, "same", "同一句", wait=10) for _ in range(8)))
        assert all(repeat == repeats[0] for repeat in repeats) and repeats[0][0] == 200
        async with client.post(path + "/handoff", headers=key) as answer:
            assert (await answer.json())["holder"] == "queue"
