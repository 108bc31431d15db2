"""What a person does on farun's pages, in words: for browser tests. Names are those of design/surface.md."""

import os
from contextlib import contextmanager

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

ARGUMENTS = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
).split()
PHONE, DESK = {"width": 360, "height": 800}, {"width": 1280, "height": 800}
PATIENCE = 15_000  # milliseconds


@contextmanager
def chromium():
    """A running Chromium."""
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"), args=ARGUMENTS)
        try:
            yield browser
        finally:
            browser.close()


def visitor(browser: Browser, url: str, path: str = "/", size: dict = PHONE, **options) -> Page:
    """A new person (own cookies) on a page; whatever the browser complains about fails the test at `calm`."""
    context: BrowserContext = browser.new_context(viewport=size, base_url=url, **options)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.complaints = []
    page.on("pageerror", lambda error: page.complaints.append(str(error)))
    page.on("console", lambda m: page.complaints.append(m.text) if "Content Security Policy" in m.text else None)
    page.goto(path)
    return page


def calm(*pages: Page) -> None:
    """No script failed and nothing was stopped by the content security policy."""
    for page in pages:
        assert page.complaints == []


def fits(page: Page) -> None:
    """Nothing has to be scrolled sideways."""
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, window.innerWidth]")
    assert wide <= shown, f"{page.url} is {wide} wide on a screen of {shown}"


def say(page: Page, text: str) -> None:
    """Type into the chat and send."""
    page.get_by_role("textbox", name="输入您的问题").fill(text)
    page.get_by_role("button", name="发送").click()


def hear(page: Page, text: str) -> None:
    """The conversation shows a text."""
    expect(page.get_by_role("log").get_by_text(text).last).to_be_visible(timeout=PATIENCE)


def lines(page: Page) -> list[str]:
    """Everything that was said, in order."""
    return page.get_by_role("log").locator(".text").all_inner_texts()


def sign_in(page: Page, name: str, password: str) -> None:
    """Sign in on the page for the staff."""
    page.goto("/login")
    page.get_by_label("账号").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()
    expect(page.get_by_role("navigation").get_by_text(f"退出（{name}）")).to_be_visible(timeout=PATIENCE)


def claim(page: Page) -> None:
    """Take the first matter that waits; waits until one is there."""
    page.goto("/desk")
    expect(page.get_by_role("heading", name="待接手")).to_be_visible()
    page.get_by_role("button", name="接手").first.click()
    expect(page.get_by_role("textbox", name="回复")).to_be_visible()


def reply(page: Page, text: str) -> None:
    """The adviser writes."""
    page.get_by_role("textbox", name="回复").fill(text)
    page.get_by_role("button", name="发送").click()


def give_back(page: Page) -> None:
    """The adviser returns the conversation to the bot."""
    page.get_by_role("button", name="交还机器人").click()
    expect(page.get_by_role("heading", name="待接手")).to_be_visible()


def close(page: Page, outcome: str = "已解答") -> None:
    """The adviser ends the matter."""
    page.get_by_label("结果").select_option(label=outcome)
    page.get_by_role("button", name="结案").click()
    expect(page.get_by_role("heading", name="待接手")).to_be_visible()


def apply(page: Page, **given: str) -> str:
    """From the chat to a handed-in application; what the form already knows is left alone. The number."""
    page.get_by_role("button", name="申请法律援助").click()
    expect(page.get_by_role("heading", name="申请法律援助")).to_be_visible()
    for label, text in {"姓名": "王建国", "手机号": "13812345678", **given}.items():
        page.get_by_label(label).fill(text)
    page.get_by_role("radio", name="是", exact=True).check()
    page.get_by_role("button", name="下一步").click()
    expect(page.get_by_role("heading", name="请核对")).to_be_visible()
    page.get_by_role("button", name="确认提交").click()
    return page.locator("#number").inner_text()


def look_up(page: Page, number: str, tail: str) -> None:
    """Ask for the state of an application."""
    page.goto("/status")
    page.get_by_label("申请编号").fill(number)
    page.get_by_label("手机号后四位").fill(tail)
    page.get_by_role("button", name="查询").click()
