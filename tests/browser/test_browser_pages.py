"""Farun's pages in a real Chromium: talk, reload, take over, apply, look up; on a narrow screen, by keyboard alone."""

import sqlite3

import pytest
from pages import (
    DESK,
    PHONE,
    apply,
    calm,
    claim,
    close,
    fits,
    give_back,
    hear,
    lines,
    look_up,
    reply,
    say,
    sign_in,
    visitor,
)
from playwright.sync_api import expect
from serving import PASSWORD, STORY, in_thread

pytestmark = pytest.mark.browser


def test_ask_be_answered_reload_and_begin_anew(running, browser):
    page = visitor(browser, running.url)
    fits(page)
    say(page, "老板不发工资\n怎么办")
    hear(page, "您说的是：老板不发工资")
    page.get_by_role("textbox", name="输入您的问题").fill("第二句")
    page.keyboard.press("Enter")
    hear(page, "您说的是：第二句")
    before = lines(page)
    assert before == ["老板不发工资\n怎么办", "您说的是：老板不发工资\n怎么办", "第二句", "您说的是：第二句"]
    page.reload()
    assert lines(page) == before
    page.once("dialog", lambda dialog: dialog.accept())
    page.get_by_role("button", name="重新开始").click()
    expect(page.get_by_role("log").locator(".text")).to_have_count(0)
    calm(page)


def test_a_quick_reply_answers_the_question(running, browser):
    page = visitor(browser, running.url)
    say(page, STORY)
    page.get_by_role("button", name="没有", exact=True).click()
    hear(page, "您说的是：没有")
    calm(page)


def test_hostile_text_is_shown_as_text(running, browser):
    page = visitor(browser, running.url)
    page.on("dialog", lambda dialog: page.complaints.append(dialog.message))
    for text in ("<img src=x onerror=alert(1)>", '/ask_human{"x":1}', "😀😀"):
        say(page, text)
        hear(page, f"您说的是：{text}")
    page.reload()
    hear(page, "您说的是：<img src=x onerror=alert(1)>")
    assert page.locator("#log img").count() == 0
    calm(page)


def test_too_long_stays_in_the_box(running, browser):
    page = visitor(browser, running.url)
    long = "老板不给钱" * 2000
    say(page, long)
    expect(page.get_by_text("太长了，请分几段发")).to_be_visible()
    assert page.get_by_role("textbox", name="输入您的问题").input_value() == long
    page.get_by_role("textbox", name="输入您的问题").fill("  ")
    page.get_by_role("button", name="发送").click()
    expect(page.get_by_text("没有收到文字")).to_be_visible()
    calm(page)


def test_adviser_and_worker_talk_in_two_browsers(running, browser):
    running.person("李律师", "adviser")
    desk = visitor(browser, running.url, "/login", DESK)
    sign_in(desk, "李律师", PASSWORD)
    expect(desk.get_by_text("现在没有人在等")).to_be_visible()
    worker = visitor(browser, running.url)
    say(worker, STORY)
    hear(worker, "您说的是")
    worker.get_by_role("button", name="转人工").click()
    hear(worker, "已转人工，单号 RG")
    expect(desk.get_by_role("button", name="接手")).to_be_visible()  # without reloading
    assert "待接手" in desk.title() and "1" in desk.title()
    desk.get_by_role("button", name="接手").click()
    expect(desk.get_by_text("月工资6,500元").first).to_be_visible()
    reply(desk, "您好，\n我是李律师")
    hear(worker, "我是李律师")
    expect(worker.get_by_text("李律师·法律顾问").first).to_be_visible()
    say(worker, "N是多少")
    hear(desk, "N是多少")
    assert "您说的是：N是多少" not in lines(worker)  # the bot is silent
    give_back(desk)
    hear(worker, "交还给机器人")
    say(worker, "机器人还在吗")
    hear(worker, "您说的是：机器人还在吗")
    worker.get_by_role("button", name="转人工").click()
    claim(desk)
    close(desk)
    hear(worker, "已结束这次人工服务")
    fits(worker)
    calm(worker, desk)


def test_apply_review_submit_and_look_up_from_another_device(running, browser):
    page = visitor(browser, running.url)
    say(page, STORY)
    hear(page, "您说的是")
    page.get_by_role("button", name="申请法律援助").click()
    expect(page.get_by_text("不查经济困难")).to_be_visible()
    assert page.get_by_label("单位或老板").input_value() == "某某电子厂"
    fits(page)
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("alert").get_by_text("姓名不能不填")).to_be_visible()
    fits(page)
    page.goto("/")
    number = apply(page)
    assert number.startswith("WZ")
    fits(page)
    page.get_by_role("link", name="回到对话").click()
    hear(page, f"编号 {number}")
    other = visitor(browser, running.url, "/status")
    look_up(other, number, "5678")
    expect(other.get_by_text("已提交").first).to_be_visible()
    assert "王建国" not in other.content()
    fits(other)
    calm(page, other)


def test_everything_fits_a_narrow_screen_and_text_of_twice_the_size(running, browser):
    running.person("管理员", "admin")
    staff = visitor(browser, running.url, "/login", PHONE)
    sign_in(staff, "管理员", PASSWORD)
    worker = visitor(browser, running.url)
    say(worker, STORY + "W" * 300)
    hear(worker, "您说的是")
    worker.get_by_role("button", name="转人工").click()
    hear(worker, "已转人工")
    for page, paths in (
        (worker, ("/", "/kiosk", "/apply", "/status")),
        (staff, ("/desk", "/knowledge", "/board", "/accounts", "/nothing")),
    ):
        for path in paths:
            page.goto(path)
            fits(page)
            page.evaluate("document.documentElement.style.setProperty('font-size', '212.5%')")
            fits(page)
    claim(staff)
    fits(staff)


def test_the_chat_works_by_keyboard_alone(running, browser):
    page = visitor(browser, running.url)
    seen = []
    for _ in range(20):
        page.keyboard.press("Tab")
        name = page.evaluate("(document.activeElement.id || document.activeElement.innerText || '').trim()")
        seen.append(name)
        if name == "text":
            break
    assert seen[0] == "跳到正文" and "log" in seen and seen[-1] == "text"
    page.keyboard.type("用键盘问")
    page.keyboard.press("Enter")
    hear(page, "您说的是：用键盘问")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.innerText") == "转人工":
            break
    page.keyboard.press("Enter")
    hear(page, "已转人工")
    calm(page)


def test_touch_targets_are_large_enough_for_a_thumb(running, browser):
    page = visitor(browser, running.url)
    say(page, STORY)
    hear(page, "您说的是")
    for button in page.get_by_role("button").all():
        box = button.bounding_box()
        assert box["height"] >= 44 and box["width"] >= 44, button.inner_text()


def test_without_javascript_the_form_is_enough(running, browser):
    page = visitor(browser, running.url, java_script_enabled=False)
    say(page, "没有脚本也行")
    hear(page, "您说的是：没有脚本也行")
    page.get_by_role("button", name="转人工").click()
    hear(page, "已转人工")


def test_a_locked_database_is_told_and_the_message_sends_itself_later(running, browser):
    page = visitor(browser, running.url)
    say(page, "第一句")
    hear(page, "您说的是：第一句")
    lock = sqlite3.connect(running.settings.data_dir / "farun.db", isolation_level=None)
    lock.execute("BEGIN IMMEDIATE")
    say(page, "锁住的时候说的")
    expect(page.get_by_role("status").get_by_text("消息暂时存不进去，请保留文字，稍后会自动重发")).to_be_visible(
        timeout=15_000
    )
    page.reload()  # even a reload loses nothing
    hear(page, "锁住的时候说的")
    lock.execute("ROLLBACK")
    lock.close()
    hear(page, "您说的是：锁住的时候说的")
    assert lines(page).count("锁住的时候说的") == 1
    calm(page)


def test_while_nobody_answers_the_page_says_that_the_message_is_kept(settings, browser):
    with in_thread(settings, worker=False) as running:
        settings.data_dir.joinpath("worker.json").write_text('{"state": "training", "progress": "正在学习知识库"}')
        page = visitor(browser, running.url)
        say(page, "有人吗")
        expect(page.get_by_text("已收到，系统正在准备，稍后自动回复")).to_be_visible()
        calm(page)


def test_a_long_answer_is_shown_from_its_beginning_and_a_ticket_is_seen_at_once(running, browser):
    page = visitor(browser, running.url)
    say(page, "开头" + "老板不发工资，" * 120)
    answer = page.get_by_role("log").get_by_text("您说的是：开头")
    expect(answer).to_be_visible()
    say(page, "短一点")
    hear(page, "您说的是：短一点")
    say(page, "第二段" + "老板不发工资，" * 120)
    expect(page.get_by_role("log").locator(".own").last).to_be_in_viewport()
    page.get_by_role("button", name="转人工").click()
    expect(page.get_by_role("log").get_by_text("已转人工，单号 RG")).to_be_in_viewport()
    calm(page)
