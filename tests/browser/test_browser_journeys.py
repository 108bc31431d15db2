"""Journeys J1 and J2 in a real browser on the whole assistant (`farun up`, trained model): question, sums, correction,
side question, a person at the desk, an application; an injury with its clocks and the sums of Jiangsu."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from pages import DESK, apply, calm, claim, close, fits, give_back, hear, lines, look_up, reply, say, sign_in, visitor
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.model]
ROOT = Path(__file__).resolve().parents[2]
TEXT = "老板拖了我两个月工资一个月六千五，昨天又叫我不用来了，没签合同，去年三月十号进的厂"
PASSWORD = "correct-horse-42"
PAST = "rgb(163, 39, 29)"  # the red of a day that has passed


def _port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _farun(env, *arguments):
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "farun", *arguments],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    ).stdout


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """The whole assistant on 2026-11-24 09:00 with an adviser's one-time link; ended by SIGTERM, cleanly."""
    data, port = tmp_path_factory.mktemp("j1"), _port()
    env = {k: v for k, v in os.environ.items() if not k.startswith("FARUN_")}
    models = str(ROOT / "var" / "models")
    env |= {"FARUN_DATA_DIR": str(data), "FARUN_MODEL_DIR": models, "FARUN_NOW": "2026-11-24T09:00:00+08:00"}
    url = f"http://127.0.0.1:{port}"
    env |= {"FARUN_PUBLIC_URL": url, "PYTHONPATH": str(ROOT)}
    _farun(env, "train")
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-m", "farun", "up", "--port", str(port)], cwd=ROOT, env=env
    )
    try:
        _until_ready(url)
        link = re.search(r"http\S+/invite/\S+", _farun(env, "user", "add", "李律师", "--role", "adviser"))[0]
        yield url, link
    finally:
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def _until_ready(url):
    end = time.monotonic() + 120
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url + "/readyz", timeout=5) as answer:
                if answer.status == 200:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    pytest.fail("the assistant was not ready within 120 s")


def _all(page):
    return "\n".join(lines(page))


def test_from_the_first_words_to_an_adviser_and_an_application(served, browser):
    url, link = served
    adviser = visitor(browser, url, link.removeprefix(url), DESK)
    for box in adviser.locator("input[type=password]").all():
        box.fill(PASSWORD)
    adviser.get_by_role("button", name="设置密码").click()
    expect(adviser.get_by_role("heading", name="设置密码")).not_to_be_visible()
    sign_in(adviser, "李律师", PASSWORD)
    worker = visitor(browser, url)

    say(worker, TEXT)
    hear(worker, "3件事")
    first = _all(worker)
    for piece in (
        "拖欠工资",
        "辞退",
        "没签劳动合同",
        "6,500元",
        "2个月",
        "13,000元",
        "26,000元",
        "71,500元",
        "两样只能拿一样",
    ):
        assert piece in first, piece
    assert "《劳动合同法》第八十七条" in first and "2027年3月9日" in first and "2027年11月23日" in first
    fits(worker)

    say(worker, "不是昨天，是11月8号")
    hear(worker, "2026年11月8日")
    hear(worker, "2027年11月8日")
    question = re.search(r"还想问您一句：([^？]+？)", _all(worker))[1]

    say(worker, "请律师要钱吗")
    hear(worker, "回到刚才那句")
    assert lines(worker)[-1].count(question) == 1

    say(worker, "帮我算")
    hear(worker, "这样算的")
    assert all(piece in _all(worker).split("这样算的")[1] for piece in ("13,000元", "26,000元", "71,500元"))

    say(worker, "工资是七千")
    hear(worker, "14,000元")
    changed = _all(worker).split("工资是七千")[1]
    assert all(piece in changed for piece in ("28,000元", "77,000元")) and "6,500" not in changed

    worker.get_by_role("button", name="转人工").click()
    hear(worker, "RG20261124-")
    assert re.search(r"\d+:\d\d 前在这里回复您", _all(worker))
    before = len(lines(worker))
    say(worker, "在吗，N是多少")
    worker.wait_for_timeout(1500)
    assert len(lines(worker)) == before + 1, "the bot spoke while a person was awaited"

    claim(adviser)
    expect(adviser.get_by_text("7,000").first).to_be_visible()
    reply(adviser, "您好，我是李律师，材料我看到了")
    hear(worker, "您好，我是李律师，材料我看到了")
    say(worker, "谢谢律师")
    expect(adviser.get_by_text("谢谢律师").first).to_be_visible()
    worker.reload()
    hear(worker, "材料我看到了")
    hear(worker, "3件事")
    give_back(adviser)
    say(worker, "老板没给理由")
    hear(worker, "记下了")

    number = apply(worker)
    look_up(worker, number, "5678")
    expect(worker.get_by_text("王**").first).to_be_visible()
    calm(worker, adviser)


def test_an_adviser_can_close_only_with_an_outcome(served, browser):
    url, _ = served
    adviser = visitor(browser, url, "/login", DESK)
    sign_in(adviser, "李律师", PASSWORD)
    worker = visitor(browser, url)
    say(worker, "转人工")
    hear(worker, "已转人工")
    claim(adviser)
    close(adviser)
    hear(worker, "已解答")


def test_an_injury_from_the_first_words_to_the_sums_of_jiangsu(served, browser):
    """J2, steps 1-4. By hand: the factory had 30 days from 1 October, he has a year; 9 × 6,000 = 54,000; Jiangsu's sums
    of grade 9 are 50,000 and 25,000 (to be confirmed)."""
    url, _ = served
    worker = visitor(browser, url)
    say(worker, "10月1号在车间手被压了，厂里没给报工伤")
    hear(worker, "2027年10月1日前")
    first = _all(worker)
    assert "单位申请工伤认定：2026年10月31日前（已经过了）" in first
    expect(worker.get_by_text("（已经过了）")).to_have_css("color", PAST)
    assert "7～27 个月本人工资" in first, "an open grade gives a range"
    hear(worker, "评了几级？")
    say(worker, "还没鉴定")
    hear(worker, "有没有给您交社保（工伤保险）？")
    say(worker, "不知道")
    hear(worker, "每个月工资大概多少钱")
    fits(worker)

    worker.reload()
    say(worker, "鉴定出来了，九级，工资六千")
    hear(worker, "54,000元（6000 × 9）")
    hear(worker, "75,000元（待顾问确认）")
    say(worker, "帮我算")
    hear(worker, "本人工资 6,000 元 × 9 个月")
    worked = _all(worker).split("这样算的")[1]
    for sum_of_jiangsu in ("50,000元（2015年6月1日起）", "25,000元（2015年6月1日起）"):
        assert sum_of_jiangsu in worked
    assert "江苏省实施《工伤保险条例》办法" in worked and "苏州现行标准待顾问确认" in worked
    calm(worker)
