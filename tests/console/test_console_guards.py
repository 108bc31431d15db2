"""What holds for every route: headers, cookies, roles, tokens of forms, and nothing of a person where it could leak."""

import asyncio
import os
import re

import pytest
from serving import PASSWORD, serving, token

PAGES = ("/", "/kiosk", "/apply", "/status", "/login", "/desk", "/knowledge", "/board", "/accounts", "/nothing")
RIGHTS = {
    "desk": {"adviser", "admin"},
    "desk_read": {"adviser", "manager", "admin"},
    "knowledge": {"editor", "admin"},
    "board": {"manager", "admin"},
    "accounts": {"admin"},
}
ROLES = ("adviser", "editor", "manager", "admin")


def address(route):
    """A path of a route with its fields filled in."""
    return re.sub(r"\{token[^}]*\}", "x" * 43, re.sub(r"\{id[^}]*\}", "1", route.resource.canonical))


def guarded(served):
    """Every route that carries a right: (method, path, right)."""
    for route in served.server.app.router.routes():
        right = getattr(route.handler, "right", None)
        if right is not None and route.method != "HEAD":
            yield route.method, address(route), right


async def test_every_answer_carries_the_guarding_headers(served):
    client = served.client()
    for route in served.server.app.router.routes():
        if route.method == "HEAD":
            continue
        async with client.request(route.method, address(route), allow_redirects=False) as answer:
            seen = answer.headers
        where = (route.method, address(route))
        assert answer.status < 500 or where[1] == "/readyz", where
        policy = seen["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "frame-ancestors 'none'" in policy, where
        assert "unsafe" not in policy and "http" not in policy, where
        assert seen["X-Content-Type-Options"] == "nosniff" and seen["Referrer-Policy"] == "same-origin", where
        assert seen["X-Request-Id"] and seen["Server"] == "farun", where
        assert seen["Cache-Control"] == "no-store", where


async def test_static_files_are_our_own_and_may_be_kept(served):
    client = served.client()
    async with client.get("/", headers={"Accept": "text/html"}) as answer:
        page = await answer.text()
    named = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert all(n.startswith(("/", "#", "tel:")) and not n.startswith("//") for n in named)
    files = [n for n in named if n.startswith("/static/")]
    assert len(files) >= 3
    for file in files:
        async with client.get(file) as answer:
            assert answer.status == 200 and "immutable" in answer.headers["Cache-Control"]
    assert not re.search(r"<script(?![^>]*src=)|<style|\son[a-z]+=|\sstyle=", page)


async def test_there_are_rights_on_every_route_of_the_staff(served):
    free = {"/login", "/logout"}
    for route in served.server.app.router.routes():
        path = route.resource.canonical
        if path.startswith(("/desk", "/knowledge", "/board", "/accounts")) and path not in free:
            assert getattr(route.handler, "right", None) in RIGHTS, (route.method, path)


async def test_every_route_of_the_staff_refuses_strangers_and_the_wrong_role(served):
    people = {role: await served.signed_in(f"某{role}", role) for role in ROLES}
    people["stranger"] = served.client()
    people["forger"] = served.client()
    people["forger"].cookie_jar.update_cookies({"farun_session": "x" * 43})
    routes = list(guarded(served))
    assert len(routes) > 12
    for method, path, right in routes:
        for who, client in people.items():
            if who in RIGHTS[right]:
                continue
            async with client.request(method, path, headers={"Accept": "text/html"}, allow_redirects=False) as answer:
                text = await answer.text()
            if who in ("stranger", "forger"):
                assert answer.status in (303, 401), (who, method, path)
                assert answer.status != 303 or answer.headers["Location"].startswith("/login"), (who, method, path)
            else:
                assert answer.status == 403, (who, method, path)
            assert "待接手" not in text and "csrf" not in text.split("</header>")[-1], (who, method, path)


async def test_the_right_role_gets_its_pages_in_and_loses_them_when_deactivated(served):
    for role, path in (("adviser", "/desk"), ("editor", "/knowledge"), ("manager", "/board"), ("admin", "/accounts")):
        client = await served.signed_in(f"有权{role}", role)
        async with client.get(path, allow_redirects=False) as answer:
            assert answer.status == 200, (role, path)
    admin = client
    async with admin.get("/accounts") as answer:
        found = re.search(r'action="/accounts/(\d+)"', (await answer.text()).split("有权adviser")[1])
    csrf = await token(admin, "/accounts")
    adviser = served.client()
    fields = {"csrf": await token(adviser, "/login"), "name": "有权adviser", "password": PASSWORD}
    async with adviser.post("/login", data=fields) as answer:
        assert answer.url.path == "/desk"
    sent = {"csrf": csrf, "act": "deactivate"}
    async with admin.post(f"/accounts/{found.group(1)}", data=sent, allow_redirects=False) as answer:
        assert answer.status == 303
    async with adviser.get("/desk", allow_redirects=False) as answer:
        assert answer.status == 303 and answer.headers["Location"].startswith("/login")


async def test_every_post_of_the_staff_needs_the_token_of_the_session(served):
    admin = await served.signed_in("管理员一", "admin")
    for method, path, _ in guarded(served):
        if method != "POST":
            continue
        for sent in ({}, {"csrf": "x" * 43}):
            async with admin.post(path, data=sent, allow_redirects=False) as answer:
                assert answer.status == 403, path
        async with admin.post(path, json={"text": "x"}, allow_redirects=False) as answer:
            assert answer.status == 403, path


FORMS = ("/login", "/status", "/apply", "/apply/submit", "/chat/send", "/chat/handoff", "/chat/stay", "/chat/restart")


@pytest.mark.parametrize("path", [*FORMS, "/invite/" + "x" * 43])
async def test_forms_of_everybody_need_their_token_and_our_own_origin(served, path):
    client = served.client()
    async with client.post(path, data={"text": "你好"}) as answer:
        assert answer.status == 403
    csrf = await token(client, "/login")
    async with client.post(path, data={"csrf": csrf}, headers={"Origin": "https://evil.example"}) as answer:
        assert answer.status == 403
    async with client.post(path, data={"csrf": csrf}, allow_redirects=False) as answer:
        assert answer.status != 403


async def test_cookies_cannot_be_read_by_scripts_nor_sent_by_other_sites(served):
    client = await served.signed_in("李律师", "adviser")
    jar = {c.key: c for c in client.cookie_jar}
    assert {"farun_session", "farun_form"} <= set(jar)
    for cookie in jar.values():
        assert cookie["httponly"] and cookie["samesite"] == "Lax" and cookie["path"] == "/"


async def test_over_https_cookies_are_for_https_only(settings):
    from dataclasses import replace

    async with serving(replace(settings, public_url="https://farun.example"), worker=False) as served:
        async with served.client().get("/login") as answer:
            assert answer.cookies["farun_form"]["secure"]


async def test_sign_in_tells_nothing_and_goes_only_to_our_own_pages(served):
    await asyncio.to_thread(served.person, "李律师", "adviser")
    client = served.client()
    csrf, seen = await token(client, "/login"), []
    for name in ("李律师", "没有这个人"):
        sent = {"csrf": csrf, "name": name, "password": "wrong password 1"}
        async with client.post("/login", data=sent) as answer:
            seen.append((answer.status, (await answer.text()).replace(name, "")))
    assert seen[0] == seen[1] and seen[0][0] == 401
    for target, place in (("//evil.example", "/desk"), ("https://evil.example", "/desk"), ("/board", "/board")):
        fresh = served.client()
        sent = {"csrf": await token(fresh, "/login"), "name": "李律师", "password": PASSWORD, "next": target}
        async with fresh.post("/login", data=sent, allow_redirects=False) as answer:
            assert answer.status == 303 and answer.headers["Location"] == place


async def test_signing_out_ends_the_session(served):
    client = await served.signed_in("李律师", "adviser")
    kept = {c.key: c.value for c in client.cookie_jar}
    csrf = await token(client, "/desk")
    async with client.post("/logout", data={"csrf": csrf}, allow_redirects=False) as answer:
        assert answer.status == 303
    thief = served.client()
    thief.cookie_jar.update_cookies({"farun_session": kept["farun_session"]})
    async with thief.get("/desk", allow_redirects=False) as answer:
        assert answer.status == 303 and answer.headers["Location"].startswith("/login")


async def test_an_invitation_works_once_and_says_what_is_wrong_with_a_password(served):
    from base import database
    from casework import accounts

    with database.transaction(served.engine) as conn:
        link = "/invite/" + accounts.invite(conn, accounts.create(conn, "周编辑", "editor"))
    client = served.client()
    csrf = await token(client, link)
    for password, again in (("short", "short"), ("long enough 12", "something else")):
        async with client.post(link, data={"csrf": csrf, "password": password, "again": again}) as answer:
            assert answer.status == 422 and "密码" in await answer.text()
    good = {"csrf": csrf, "password": PASSWORD, "again": PASSWORD}
    async with client.post(link, data=good) as answer:
        assert answer.status == 200
    async with client.post(link, data=good) as answer:
        assert answer.status == 404
    async with client.get(link) as answer:
        assert answer.status == 404 and "周编辑" not in await answer.text()


async def test_an_error_page_shows_people_a_sentence_and_a_number(served):
    async with served.client().get("/nothing", headers={"Accept": "text/html"}) as answer:
        text = await answer.text()
    assert answer.status == 404 and answer.headers["X-Request-Id"] in text and "<h1>没有这个页面" in text


@pytest.fixture
def logged(settings):
    """Logs as `farun web` writes them, into a buffer."""
    import io

    import structlog

    from base.logs import configure

    configure(settings)
    buffer = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(buffer))
    yield buffer
    structlog.reset_defaults()


async def test_nothing_a_person_wrote_stands_in_the_log(logged, served, capsys):
    canaries = ("张三丰", "13987654321", "老板欠我一万二")
    client = served.client()
    path, key = await served.talk(client)
    sent = {"message_id": "m1", "text": "我叫张三丰，电话13987654321，老板欠我一万二"}
    async with client.post(path + "/messages", params={"wait": 5, "q": "张三丰"}, headers=key, json=sent) as answer:
        assert answer.status == 200
    async with client.get("/张三丰/13987654321") as answer:
        assert answer.status == 404
    sent = {"csrf": await token(client, "/status"), "number": "WZ20261124-0001", "tail": "4321"}
    async with client.post("/status", data=sent) as answer:
        assert answer.status == 404
    seen = capsys.readouterr()
    written = logged.getvalue() + seen.out + seen.err
    assert '"route": "/api/v1/conversations/{id}/messages"' in written
    assert not any(canary in written for canary in canaries)
    assert key["Authorization"].split()[1] not in written


async def test_starting_and_stopping_leaves_nothing_behind(settings):
    async def once():
        async with serving(settings, worker=False) as served:
            async with served.client().get("/healthz") as answer:
                assert answer.status == 200

    await once()
    await asyncio.sleep(0.1)
    tasks, files = len(asyncio.all_tasks()), len(os.listdir("/proc/self/fd"))
    for _ in range(10):
        await once()
    await asyncio.sleep(0.1)
    assert len(asyncio.all_tasks()) <= tasks
    assert len(os.listdir("/proc/self/fd")) <= files + 2


async def test_an_open_stream_does_not_hold_up_the_end(settings):
    async with serving(settings, worker=False) as served:
        client = served.client()
        path, key = await served.talk(client)
        answer = await client.get(path + "/events", headers=key)
        await answer.content.readline()
        began = asyncio.get_running_loop().time()
        await served.server.close()
        assert asyncio.get_running_loop().time() - began < 3
        answer.close()
