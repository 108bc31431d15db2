"""The page where editors label what the bot did not understand."""

import re

from serving import token

from base.database import transaction
from casework import improvement


async def page_of(client):
    async with client.get("/knowledge", headers={"Accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def press(client, **fields):
    sent = {"csrf": await token(client, "/knowledge"), **fields}
    async with client.post("/knowledge/unclear", data=sent, headers={"Accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def one_unclear(served):
    _, key = await served.talk()
    with transaction(served.engine) as conn:
        from casework import tables

        talk = conn.execute(tables.conversation.select()).first()
        improvement.keep(conn, talk.id, "卡卡的钱咋弄", "wages")
    return key


async def test_one_labels_and_another_confirms(served):
    await one_unclear(served)
    zhou, admin = await served.signed_in("周编辑", "editor"), await served.signed_in("管理员", "admin")
    _, page = await page_of(zhou)
    assert "卡卡的钱咋弄" in page and "没听懂的话（1组）" in page
    ids = re.search(r'name="ids" value="(\d+)"', page)[1]
    assert (await press(zhou, ids=ids, do="label", topic="wages"))[0] == 200
    assert "这是您标的，请同事来确认" in (await page_of(zhou))[1]
    status, page = await press(zhou, ids=ids, do="agree")
    assert status == 409 and "要换一个人来确认" in page
    assert (await press(admin, ids=ids, do="agree"))[0] == 200
    async with admin.get("/knowledge/training") as answer:
        assert "- 卡卡的钱咋弄" in await answer.text()


async def test_an_adviser_may_not_see_or_label(served):
    await one_unclear(served)
    li = await served.signed_in("李律师", "adviser")
    assert (await page_of(li))[0] == 403


async def test_a_button_pressed_for_nothing_says_what_to_do(served):
    zhou = await served.signed_in("周编辑", "editor")
    status, page = await press(zhou, ids="", do="label", topic="wages")
    assert status == 409 and "刷新后再试" in page


async def test_a_draft_entry_opens_with_the_texts(served):
    await one_unclear(served)
    zhou = await served.signed_in("周编辑", "editor")
    ids = re.search(r"unclear/draft\?ids=(\d+)", (await page_of(zhou))[1])[1]
    async with zhou.get("/knowledge/unclear/draft", params={"ids": ids}) as answer:
        text = await answer.text()
    assert "卡卡的钱咋弄" in text and "status: draft" in text
