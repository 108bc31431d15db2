"""The chat page without JavaScript: forms that send, keep, ask for a person, begin anew; and the page itself."""

import re

from serving import hidden


async def page_of(client, path="/"):
    async with client.get(path, headers={"Accept": "text/html"}) as answer:
        return await answer.text()


async def send(client, text, path="/chat/send", **more):
    fields = await hidden(client, "/")
    sent = {"csrf": fields["csrf"], "message_id": fields["message_id"], "text": text, **more}
    async with client.post(path, data=sent, headers={"Accept": "text/html"}) as answer:
        return answer.status, str(answer.url.path), await answer.text()


async def test_the_page_has_the_promised_names(served):
    page = await page_of(served.client())
    assert '<label class="hide" for="text">输入您的问题</label>' in page
    for name in ("发送", "转人工", "申请法律援助"):
        assert len(re.findall(rf"<button[^>]*>{name}</button>", page)) == 1
    assert 'role="log" aria-live="polite"' in page and 'lang="zh-CN"' in page


async def test_a_question_by_form_is_answered_and_reload_keeps_it(served):
    client = served.client()
    status, place, page = await send(client, "老板跑路了\n怎么办")
    assert (status, place) == (200, "/") and "您说的是：老板跑路了\n怎么办" in page
    again = await page_of(client)
    assert "老板跑路了\n怎么办</p>" in again and "您说的是：老板跑路了" in again and "法润机器人" in again
    assert "您说的是" not in await page_of(served.client())  # nobody else sees it


async def test_pressing_send_twice_sends_once(served):
    client = served.client()
    fields = await hidden(client, "/")
    sent = {"csrf": fields["csrf"], "message_id": fields["message_id"], "text": "只发一次"}
    for _ in range(2):
        async with client.post("/chat/send", data=sent) as answer:
            assert answer.status == 200
    assert (await page_of(client)).count("您说的是：只发一次") == 1


async def test_what_cannot_be_taken_stays_in_the_box(served):
    client = served.client()
    long = "老板不给钱" * 2000
    status, _, page = await send(client, long)
    assert status == 422 and "太长了，请分几段发" in page and f">{long}</textarea>" in page
    status, _, page = await send(client, " \x00 ")
    assert status == 422 and "没有收到文字" in page


async def test_a_quick_reply_is_a_button(served):
    client = served.client()
    page = await page_of(client)
    assert '<button class="chip" name="quick" value="老板拖欠工资">' in page
    _, _, page = await send(client, "", quick="老板拖欠工资")
    assert "您说的是：老板拖欠工资" in page


async def test_ask_for_a_person_and_change_ones_mind(served):
    client = served.client()
    status, _, page = await send(client, "", path="/chat/handoff")
    assert status == 200 and "已转人工，单号 RG" in page and "正在等人工顾问，单号 RG" in page
    _, _, page = await send(client, "", path="/chat/stay")
    assert "已取消转人工" in page and "法润机器人在接待" in page


async def test_begin_anew_ends_the_old_conversation(served):
    client = served.client()
    await send(client, "旧的事情")
    old = re.search(r'data-conversation="(\w[^"]+)"', await page_of(client)).group(1)
    cookie = next(c.value for c in client.cookie_jar if c.key == "farun_chat")
    _, _, page = await send(client, "", path="/chat/restart")
    assert "旧的事情" not in page and 'data-conversation=""' in page
    sent = {"message_id": "late", "text": "还能发吗"}
    headers = {"Authorization": f"Bearer {cookie.split('.')[1]}"}
    async with client.post(f"/api/v1/conversations/{old}/messages", headers=headers, json=sent) as answer:
        assert answer.status == 410


async def test_a_forged_or_old_cookie_begins_quietly(served):
    for value in ("c_x.y", "nonsense", "a.b.c", "c_x." + "y" * 3000):
        client = served.client()
        client.cookie_jar.update_cookies({"farun_chat": value})
        page = await page_of(client)
        assert 'data-conversation=""' in page
        status, _, page = await send(client, "重新来过")
        assert status == 200 and "您说的是：重新来过" in page


async def test_the_kiosk_is_the_same_in_large_type_and_returns_to_itself(served):
    client = served.client()
    assert 'class="chat kiosk"' in await page_of(client, "/kiosk")
    _, place, page = await send(client, "大字", page="kiosk")
    assert place == "/kiosk" and "您说的是：大字" in page


async def test_the_page_comes_even_when_the_database_is_gone(served):
    client = served.client()
    await send(client, "先说一句")
    served.engine.dispose()
    for file in served.settings.data_dir.glob("farun.db*"):
        file.rename(file.with_suffix(".away"))
    (served.settings.data_dir / "farun.db").mkdir()
    try:
        async with client.get("/", headers={"Accept": "text/html"}) as answer:
            page = await answer.text()
        assert answer.status == 503 and "消息暂时存不进去" in page and "输入您的问题" in page
    finally:
        (served.settings.data_dir / "farun.db").rmdir()
