"""The desk from outside: who waits, one winner, a talk in both directions, no look at somebody else's matter."""

import asyncio
import re

from serving import STORY, token


async def ask_for_person(served, text=STORY):
    """A worker who told their story and asked for a person: (client, path, headers)."""
    client = served.client()
    path, key = await served.talk(client)
    for number, words in enumerate((text, "转人工")):
        sent = {"message_id": f"m{number}", "text": words}
        async with client.post(path + "/messages", params={"wait": 10}, headers=key, json=sent) as answer:
            assert answer.status == 200
    return client, path, key


async def text_of(client, path):
    async with client.get(path, headers={"Accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def press(client, path, **fields):
    """A button of the staff: posts with the session's token; where it led to, and the page."""
    sent = {"csrf": await token(client, "/desk"), **fields}
    async with client.post(path, data=sent, headers={"Accept": "text/html"}) as answer:
        return answer.status, answer.url.path, await answer.text()


async def say(client, path, key, message_id, text):
    sent = {"message_id": message_id, "text": text}
    async with client.post(path + "/messages", params={"wait": 10}, headers=key, json=sent) as answer:
        return await answer.json()


def first_case(page):
    return re.search(r"/desk/handoffs/(\d+)/claim", page).group(1)


async def test_who_waits_is_listed_without_personal_data(served):
    await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    _, page = await text_of(li, "/desk")
    assert '<h2 id="waiting-title">待接手</h2>' in page and "拖欠工资" in page and ">接手</button>" in page
    assert "某某电子厂" not in page and "6500" not in page


async def test_two_advisers_press_at_once_and_one_wins(served):
    await ask_for_person(served)
    li, wang = await served.signed_in("李律师", "adviser"), await served.signed_in("王律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    results = await asyncio.gather(*(press(who, f"/desk/handoffs/{case}/claim") for who in (li, wang)))
    assert sorted(status for status, _, _ in results) == [200, 409]
    winner = "李律师" if results[0][0] == 200 else "王律师"
    loser = next(page for status, _, page in results if status == 409)
    assert f"{winner}已经接手了这件事" in loser
    loser_client = wang if winner == "李律师" else li
    seen = [await text_of(loser_client, f"/desk/handoffs/{n}") for n in (case, "9999")]
    assert [status for status, _ in seen] == [404, 404]
    strip = [re.sub(r"编号 \w+", "", page) for _, page in seen]
    assert strip[0] == strip[1]  # whether it exists is told to nobody
    for act in ("reply", "return", "close"):
        status, _, page = await press(loser_client, f"/desk/handoffs/{case}/{act}", text="您好", outcome="advised")
        assert status in (404, 409) and "某某电子厂" not in page


async def test_the_case_and_the_talk_in_both_directions(served):
    worker, path, key = await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    status, place, page = await press(li, f"/desk/handoffs/{case}/claim")
    assert (status, place) == (200, f"/desk/handoffs/{case}")
    for seen in ("月工资6,500元", "某某电子厂", "13,000元", "申请仲裁：2027-11-07", "聊天", "有没有跟单位签"):
        assert seen in page
    csrf = await token(li, place)
    sent = {"headers": {"X-CSRF-Token": csrf}, "json": {"text": "您好，\n我是李律师"}}
    async with li.post(place + "/reply", **sent) as answer:
        assert answer.status == 200
    told = await say(worker, path, key, "m9", "您好，N是多少")
    assert told["holder"] == "adviser" and told["replies"] == []
    async with worker.get(path + "/messages", headers=key) as answer:
        state = await answer.json()
    assert state["name"] == "李律师" and "您好，\n我是李律师" in [m["text"] for m in state["messages"]]
    assert "您好，N是多少" in (await text_of(li, place))[1]
    assert [m["text"] for m in state["messages"] if m["author"] == "bot"][2:] == []  # silent since


async def test_the_case_is_given_back_and_the_bot_goes_on(served):
    worker, path, key = await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    await press(li, f"/desk/handoffs/{case}/claim")
    status, place, _ = await press(li, f"/desk/handoffs/{case}/return")
    assert (status, place) == (200, "/desk")
    told = await say(worker, path, key, "m9", "那我再问一句")
    assert told["holder"] == "bot" and told["replies"][-1]["text"] == "您说的是：那我再问一句"


async def test_closing_needs_an_outcome(served):
    await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    await press(li, f"/desk/handoffs/{case}/claim")
    for outcome in ("", "made_up"):
        status, _, page = await press(li, f"/desk/handoffs/{case}/close", outcome=outcome)
        assert status == 409 and "结案前请选一个结果" in page
    status, place, _ = await press(li, f"/desk/handoffs/{case}/close", outcome="advised")
    assert (status, place) == (200, "/desk")
    chief = await served.signed_in("陈主任", "manager")
    _, board = await text_of(chief, "/board")
    assert "已解答" in board and "<b>1</b> 件已结案" in board


async def test_an_empty_or_endless_reply_is_refused_and_stays_in_the_box(served):
    await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    await press(li, f"/desk/handoffs/{case}/claim")
    status, _, page = await press(li, f"/desk/handoffs/{case}/reply", text="字" * 2001)
    assert status == 409 and "字" * 2001 in page and "一次最多2000个字" in page
    status, _, page = await press(li, f"/desk/handoffs/{case}/reply", text="  ")
    assert status == 409 and "还没有写内容" in page


async def test_what_a_worker_writes_never_becomes_html_on_the_desk(served):
    attack = "<script>alert(1)</script>"
    worker, path, key = await ask_for_person(served, STORY)
    await say(worker, path, key, "m8", attack)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    _, _, page = await press(li, f"/desk/handoffs/{case}/claim")
    assert attack not in page and "&lt;script&gt;" in page


async def test_a_new_arrival_rings_an_open_desk(served):
    li = await served.signed_in("李律师", "adviser")
    async with li.get("/desk/events") as stream:

        async def told(count):
            async for raw in stream.content:
                if f'"count": {count}' in raw.decode():
                    return True

        await asyncio.wait_for(told(0), 5)
        await ask_for_person(served)
        assert await asyncio.wait_for(told(1), 5)


async def test_the_case_stream_tells_the_workers_words_and_the_end(served):
    worker, path, key = await ask_for_person(served)
    li = await served.signed_in("李律师", "adviser")
    case = first_case((await text_of(li, "/desk"))[1])
    await press(li, f"/desk/handoffs/{case}/claim")
    async with li.get(f"/desk/handoffs/{case}/events") as stream:

        async def told(words):
            async for raw in stream.content:
                if words in raw.decode():
                    return True

        await say(worker, path, key, "m9", "顾问您好")
        assert await asyncio.wait_for(told("顾问您好"), 5)
        await press(li, f"/desk/handoffs/{case}/return")
        assert await asyncio.wait_for(told("event: over"), 5)
    wang = await served.signed_in("王律师", "adviser")
    async with wang.get(f"/desk/handoffs/{case}/events") as answer:
        assert answer.status == 404


async def test_the_knowledge_page_shows_the_release_and_what_is_open(served):
    from serving import kb

    client = await served.signed_in("周编辑", "editor")
    status, page = await text_of(client, "/knowledge")
    assert status == 200 and kb().id in page and "还要人工核实的" in page
