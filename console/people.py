"""Signing in and out, setting a password by invitation, and the look-up of an application: pages before any right."""

from __future__ import annotations

import asyncio
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import SESSION_COOKIE, check_form_token, form, read, set_cookie, write
from casework import accounts, application
from casework.accounts import Session
from casework.errors import Refused
from console.render import page
from console.staff import session, staff

HOMES = (("desk", "/desk"), ("knowledge", "/knowledge"), ("board", "/board"))
WRONG = "账号或密码不对。连错5次会锁10分钟。"


async def login(request: web.Request) -> web.StreamResponse:
    """GET /login."""
    held = await session(request)
    if held is not None:
        return see(_home(held, request.query.get("next", "")))
    return page(request, "login.html", name="", wrong="", next=request.query.get("next", ""))


async def sign_in(request: web.Request) -> web.StreamResponse:
    """POST /login: a wrong name and a wrong password look and last the same."""
    data = await form(request)
    check_form_token(request, data)
    name, target = data.get("name", "")[:40], data.get("next", "")
    held = await write(request, accounts.sign_in, name, data.get("password", ""))
    if held is None:
        return page(request, "login.html", 401, name=name, wrong=WRONG, next=target)
    response = see(_home(held, target))
    set_cookie(request, response, SESSION_COOKIE, held.token, days=None)
    return response


def _home(held: Session, target: str) -> str:
    """Where to go after signing in: the page that was asked for, if it is one of ours, else the role's own."""
    if target.startswith(("/desk", "/board", "/knowledge", "/accounts")) and "\\" not in target and "\n" not in target:
        return target
    return next(place for right, place in HOMES if held.account.may(right))


def see(place: str) -> web.Response:
    """Show another page after a form."""
    return web.Response(status=303, headers={"Location": place})


async def sign_out(request: web.Request) -> web.StreamResponse:
    """POST /logout: the session ends."""
    held, data = await session(request), await form(request)
    if held is not None and accounts.csrf_fits(held, data.get("csrf")):
        await write(request, accounts.sign_out, request.cookies[SESSION_COOKIE])
    response = see("/login")
    response.del_cookie(SESSION_COOKIE, path="/")
    return response


async def invitation(request: web.Request) -> web.Response:
    """GET /invite/{token}: set a password."""
    name = await read(request, accounts.invited_name, request.match_info["token"])
    return page(request, "invite.html", 200 if name else 404, name=name, wrong="")


async def accept(request: web.Request) -> web.StreamResponse:
    """POST /invite/{token}."""
    data, token = await form(request), request.match_info["token"]
    check_form_token(request, data)
    try:
        if data.get("password") != data.get("again"):
            raise Refused("两次写的密码不一样，请再写一次。")
        await write(request, accounts.accept, token, data.get("password", ""))
    except Refused as refused:
        name = await read(request, accounts.invited_name, token)
        return page(request, "invite.html", 422 if name else 404, name=name, wrong=refused.message)
    return page(request, "invited.html")


async def status_form(request: web.Request) -> web.Response:
    """GET /status: number and phone tail are asked for; they never stand in an address."""
    return page(request, "status.html", view=None, number="", wrong="")


async def status(request: web.Request) -> web.Response:
    """POST /status: the steps of an application."""
    data = await form(request)
    check_form_token(request, data)
    number, tail = data.get("number", "").strip()[:40], data.get("tail", "").strip()[:10]
    view = await write(request, application.status, number, tail)
    wrong = "" if view else "没有查到。请核对编号（WZ开头）和手机号后四位；多次不对要过一小时再试。"
    return page(request, "status.html", 200 if view else 404, view=view, number=number, wrong=wrong)


@staff("accounts")
async def everybody(request: web.Request, held: Session) -> web.Response:
    """GET /accounts."""
    return await _accounts_page(request)


@staff("accounts")
async def create(request: web.Request, held: Session) -> web.Response:
    """POST /accounts: a new account and its one-time link, shown once."""
    data = request["data"]
    try:
        account, token = await write(request, _create, data.get("name", ""), data.get("role", ""))
    except Refused as refused:
        return await _accounts_page(request, 422, wrong=refused.message, name=data.get("name", ""))
    return await _accounts_page(request, link=f"{_base(request)}/invite/{token}", invited=account.name)


def _create(conn: Connection, name: str, role: str) -> tuple[accounts.Account, str]:
    account = accounts.create(conn, name, role)
    return account, accounts.invite(conn, account)


@staff("accounts")
async def change(request: web.Request, held: Session) -> web.StreamResponse:
    """POST /accounts/{id}: a new one-time link, or no more access."""
    who = await read(request, accounts.load, int(request.match_info["id"]))
    if who is None:
        raise web.HTTPNotFound()
    if request["data"].get("act") == "deactivate":
        await write(request, accounts.deactivate, who, held.account)
        return see("/accounts")
    token = await write(request, accounts.invite, who)
    return await _accounts_page(request, link=f"{_base(request)}/invite/{token}", invited=who.name)


def _base(request: web.Request) -> str:
    return f"{request.scheme}://{request.host}"


async def _accounts_page(request: web.Request, status: int = 200, **given: Any) -> web.Response:
    await asyncio.sleep(0)
    shown = {"link": "", "invited": "", "wrong": "", "name": "", **given}
    people = await read(request, accounts.everybody)
    return page(request, "accounts.html", status, people=people, roles=accounts.ROLES, **shown)


def add_routes(app: web.Application) -> None:
    """The routes of people."""
    app.add_routes(
        [
            web.get("/login", login),
            web.post("/login", sign_in),
            web.post("/logout", sign_out),
            web.get("/invite/{token:[A-Za-z0-9_-]{20,100}}", invitation),
            web.post("/invite/{token:[A-Za-z0-9_-]{20,100}}", accept),
            web.get("/status", status_form),
            web.post("/status", status),
            web.get("/accounts", everybody),
            web.post("/accounts", create),
            web.post(r"/accounts/{id:\d{1,9}}", change),
        ]
    )
