"""The application's forms without any script: prefilled, checked, read over, handed in once, looked up."""

import re

import pytest
from serving import STORY, hidden, hidden_in

GOOD = {
    "matter": "wages",
    "migrant_worker": "是",
    "name": "王建国",
    "phone": "13812345678",
    "id_number": "",
    "address": "",
    "employer": "某某电子厂",
    "amount": "1万3",
    "facts_text": "拖欠两个月工资",
}


async def step(client, path, fields):
    async with client.post(path, data=fields, headers={"Accept": "text/html"}) as answer:
        return answer.status, await answer.text()


async def form_of(client):
    """The hidden fields of a fresh form."""
    return await hidden(client, "/apply")


async def handed_in(client, **changed):
    """Fill in, read over, hand in; the last page."""
    status, page = await step(client, "/apply", {**await form_of(client), **GOOD, **changed})
    assert status == 200 and "请核对" in page, page
    return await step(client, "/apply/submit", hidden_in(page))


def number_in(page):
    return re.search(r"WZ\d{8}-\d{4,}", page).group()


async def test_the_form_knows_what_the_chat_knows_and_shows_the_article(served):
    client = served.client()
    fields = await hidden(client, "/")
    sent = {"csrf": fields["csrf"], "message_id": "m1", "text": STORY}
    async with client.post("/chat/send", data=sent) as answer:
        assert answer.status == 200
    async with client.get("/apply") as answer:
        page = await answer.text()
    assert "聊天里已经说过的" in page and 'value="某某电子厂"' in page and 'value="13000"' in page
    assert "不查经济困难" in page and "《法律援助法》第四十二条" in page
    assert re.search(r'value="wages" checked', page)
    asked = page.split("聊天里已经说过的")[0]
    assert 'id="phone"' in asked and 'id="employer"' not in asked


async def test_from_form_to_number_to_status(served):
    client = served.client()
    status, page = await handed_in(client)
    number = number_in(page)
    assert status == 200 and "申请已提交" in page
    elsewhere = served.client()  # another device
    csrf = (await hidden(elsewhere, "/status"))["csrf"]
    status, page = await step(elsewhere, "/status", {"csrf": csrf, "number": number, "tail": "5678"})
    assert status == 200 and "王**" in page and "已提交" in page
    assert "王建国" not in page and "13812345678" not in page
    wrong = [("0000", number), ("5678", "WZ20261124-9999")]
    seen = [await step(elsewhere, "/status", {"csrf": csrf, "number": n, "tail": t}) for t, n in wrong]
    assert [s for s, _ in seen] == [404, 404] and all("没有查到" in p for _, p in seen)


async def test_the_review_shows_everything_before_it_is_handed_in(served):
    client = served.client()
    status, page = await step(client, "/apply", {**await form_of(client), **GOOD})
    for seen in ("王建国", "13812345678", "13,000元", "以后补", "不查经济困难", "工作人员会看到这份申请"):
        assert seen in page
    fields = hidden_in(page)
    status, page = await step(client, "/apply", {**fields, "step": "edit"})
    assert status == 200 and 'value="王建国"' in page and 'value="13812345678"' in page


async def test_a_mistake_stands_beside_its_field_and_nothing_is_lost(served):
    client = served.client()
    bad = {**GOOD, "phone": "12345", "id_number": "320500199001011234", "address": "木渎镇某某路8号"}
    status, page = await step(client, "/apply", {**await form_of(client), **bad})
    assert status == 422
    for kept in ("12345", "320500199001011234", "木渎镇某某路8号", "某某电子厂", "1万3"):
        assert f'value="{kept}"' in page
    assert 'id="wrong-phone">手机号是11位数字' in page and 'id="wrong-id_number">这个身份证号对不上' in page
    assert 'id="wrong-name"' not in page and 'href="#field-phone"' in page


async def test_required_fields_cannot_be_put_off(served):
    client = served.client()
    status, page = await step(client, "/apply", {**await form_of(client), "matter": "", "name": "", "phone": "不知道"})
    assert status == 422 and all(f'id="wrong-{name}"' in page for name in ("matter", "name", "phone"))


async def test_pressing_twice_gives_one_number(served):
    client = served.client()
    _, page = await step(client, "/apply", {**await form_of(client), **GOOD})
    fields = hidden_in(page)
    pages = [await step(client, "/apply/submit", fields) for _ in range(3)]
    assert {number_in(page) for _, page in pages} == {number_in(pages[0][1])}
    assert "已经提交过了" in pages[1][1]


async def test_the_same_matter_again_from_the_same_chat_names_the_first(served):
    client = served.client()
    fields = await hidden(client, "/")
    await step(client, "/chat/send", {"csrf": fields["csrf"], "message_id": "m1", "text": STORY})
    _, page = await handed_in(client)
    status, again = await handed_in(client)
    assert status == 409 and number_in(page) in again and "已经申请过了" in again
    async with client.get("/") as answer:
        assert f"编号 {number_in(page)}" in await answer.text()  # the chat was told too


async def test_a_matter_no_rule_settles_goes_to_a_person(served):
    client = served.client()
    fields = await hidden(client, "/")
    await step(client, "/chat/send", {"csrf": fields["csrf"], "message_id": "m1", "text": STORY})
    status, page = await handed_in(client, matter="severance")
    assert status == 200
    async with client.get("/") as answer:
        assert "正在等人工顾问" in await answer.text()


ATTACKS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; DROP TABLE x; --")


@pytest.mark.parametrize("attack", ATTACKS)
async def test_what_is_typed_never_becomes_html(served, attack):
    client = served.client()
    typed = {name: attack for name in GOOD}
    status, page = await step(client, "/apply", {**await form_of(client), **typed})
    assert status == 422 and "<script>alert" not in page and "<img src=x" not in page
    status, page = await step(client, "/apply", {**await form_of(client), **GOOD, "facts_text": attack})
    assert status == 200 and "<script>alert" not in page and "<img src=x" not in page


async def test_a_very_long_story_is_refused_and_kept(served):
    client = served.client()
    story = "欠" * 10_000
    status, page = await step(client, "/apply", {**await form_of(client), **GOOD, "facts_text": story})
    assert status == 422 and story in page and "5到1000个字" in page


async def test_staff_see_the_application_and_move_it_on(served):
    client = served.client()
    _, page = await handed_in(client)
    number = number_in(page)
    li = await served.signed_in("李律师", "adviser")
    async with li.get("/desk") as answer:
        desk = await answer.text()
    assert number in desk and "王**" in desk and "王建国" not in desk and "13812345678" not in desk
    place = re.search(rf'href="(/desk/applications/\d+)">{number}', desk).group(1)
    async with li.get(place) as answer:
        page = await answer.text()
    assert "王建国" in page and "已受理" in page and "决定给予援助" not in page
    csrf = hidden_in(page)["csrf"]
    for fields, told in (({"to": "approved"}, "不能改成"), ({"to": "needs_papers"}, "请写明要补什么材料")):
        status, page = await step(li, place + "/move", {"csrf": csrf, **fields})
        assert status == 409 and told in page
    status, page = await step(li, place + "/move", {"csrf": csrf, "to": "accepted", "note": "材料收到"})
    assert status == 200 and "已受理" in page
    other = served.client()
    csrf = (await hidden(other, "/status"))["csrf"]
    _, page = await step(other, "/status", {"csrf": csrf, "number": number.lower(), "tail": "5678"})
    assert "已受理" in page and "材料收到" in page
