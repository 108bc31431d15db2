"""The legal-aid application as forms: prefilled from the chat, checked field by field, read over, handed in once."""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from sqlalchemy.engine import Connection

from base.http import Problem, chat_of, check_form_token, form, knowledge, read, write
from base.privacy import new_token
from casework import application, conversation, handoff
from casework.application import FIELDS, MATTERS, Draft, Invalid, Submitted
from casework.errors import Refused
from console.render import page

LATER = ("以后补", "不知道", "不清楚", "没有")
LONG = ("facts_text",)
INPUT = {"phone": "tel", "amount": "decimal"}  # which keyboard a phone shows
COMPLETE = {"name": "name", "phone": "tel", "address": "street-address", "employer": "organization"}
SHORT_WHY = {"id_number": "没带就空着，以后补", "address": "不方便就空着，以后补"}


async def start(request: web.Request) -> web.Response:
    """GET /apply: the form, with what the chat already knows filled in."""
    draft = Draft.from_summary(await _summary(request))
    known = {name: _typed(name, value) for name, value in draft.values.items()}
    return await _form_page(request, known, {}, set(known), new_token())


async def check(request: web.Request) -> web.Response:
    """POST /apply: what is wrong stands beside its field and nothing is lost; else the page to read everything over."""
    data = await _given(request)
    prefilled, key = set(data.get("prefilled", "").split(",")), data.get("key") or new_token()
    if data.get("step") == "edit":
        return await _form_page(request, data, {}, prefilled, key)
    draft, errors = read_form(data)
    if errors:
        return await _form_page(request, data, errors, prefilled, key)
    return await _review_page(request, draft, key, data.get("prefilled", ""))


async def submit(request: web.Request) -> web.Response:
    """POST /apply/submit: kept once per key; the same press again shows the same number."""
    data = await _given(request)
    key, prefilled = data.get("key") or new_token(), data.get("prefilled", "")
    draft, errors = read_form(data)
    if errors:
        return await _form_page(request, data, errors, set(prefilled.split(",")), key)
    kb = await knowledge(request)
    try:
        done = await write(request, _submit, draft, key, chat_of(request), kb)
    except Refused as refused:
        return await _review_page(request, draft, key, prefilled, refused.message)
    except Problem as problem:
        return await _review_page(request, draft, key, prefilled, problem.message, problem.status)
    return page(request, "applied.html", done=done, has_chat=chat_of(request) is not None)


def _submit(conn: Connection, draft: Draft, key: str, chat: tuple[str, str] | None, kb: Any) -> Submitted:
    talk = conversation.authenticate(conn, *chat) if chat else None
    done = application.submit(conn, draft, key, talk.id if talk else None, kb)
    if talk is not None and not done.again:
        conversation.append(conn, talk.id, "system", done.text)
        if done.needs_person and not talk.ended:
            handoff.request(conn, talk.id, "application")
    return done


def read_form(data: dict[str, str]) -> tuple[Draft, dict[str, str]]:
    """The draft, and for each field that cannot be taken the sentence that says why."""
    draft, errors = Draft(), {}
    for field in FIELDS:
        typed = data.get(field.id, "").strip()
        try:
            if typed and not (typed.rstrip("。") in LATER and not field.required):
                draft.put(field.id, typed)
            else:
                draft.put_off(field.id)
        except Invalid as invalid:
            errors[field.id] = invalid.message
    return draft, errors


def _typed(name: str, value: Any) -> str:
    """A value as it stands in its field."""
    if isinstance(value, bool):
        return "是" if value else "不是"
    return str(value).removesuffix(".00") if name == "amount" else str(value)


async def _given(request: web.Request) -> dict[str, str]:
    data = await form(request)
    check_form_token(request, data)
    return data


async def _summary(request: web.Request) -> dict[str, Any] | None:
    kept = chat_of(request)
    if kept is None:
        return None
    return await read(request, _summary_of, kept)


def _summary_of(conn: Connection, kept: tuple[str, str]) -> dict[str, Any] | None:
    talk = conversation.load(conn, kept[0]) if conversation.authenticate(conn, *kept) is not None else None
    return json.loads(talk.summary) if talk is not None and talk.summary else None


async def _form_page(
    request: web.Request, typed: dict[str, str], errors: dict[str, str], prefilled: set[str], key: str
) -> web.Response:
    rules = application.aid_rules(await knowledge(request))
    fields = [
        {
            "id": field.id,
            "label": field.label,
            "why": SHORT_WHY.get(field.id) or field.why,
            "required": field.required,
            "value": typed.get(field.id, ""),
            "given": field.id in typed,
            "error": errors.get(field.id),
            "kind": _kind(field.id),
            "mode": INPUT.get(field.id, "text"),
            "complete": COMPLETE.get(field.id, "off"),
            "options": _options(field.id),
        }
        for field in FIELDS
    ]
    known = [f for f in fields if f["id"] in prefilled and not f["error"]]
    asked = [f for f in fields if f not in known]
    return page(
        request,
        "apply.html",
        422 if errors else 200,
        rules=rules,
        known=known,
        asked=asked,
        wrong=[f for f in fields if f["error"]],
        prefilled=",".join(sorted(prefilled)),
        key=key,
    )


def _kind(name: str) -> str:
    return "choice" if name in ("matter", "migrant_worker") else "long" if name in LONG else "line"


def _options(name: str) -> list[tuple[str, str]]:
    if name == "matter":
        return list(MATTERS.items())
    return [("是", "是"), ("不是", "不是"), ("", "说不准")] if name == "migrant_worker" else []


async def _review_page(
    request: web.Request, draft: Draft, key: str, prefilled: str, refused: str = "", status: int = 409
) -> web.Response:
    rules = application.aid_rules(await knowledge(request))
    return page(
        request,
        "review.html",
        status if refused else 200,
        lines=application.review(draft),
        tested=application.means(draft, rules),
        rules=rules,
        hidden={name: _typed(name, value) for name, value in draft.values.items()},
        prefilled=prefilled,
        key=key,
        refused=refused,
    )


def add_routes(app: web.Application) -> None:
    """The application's routes."""
    app.add_routes([web.get("/apply", start), web.post("/apply", check), web.post("/apply/submit", submit)])
