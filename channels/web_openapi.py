"""The written description of the web chat's API, served at /openapi.json; a test holds it against the router."""

from __future__ import annotations

from typing import Any

_ERRORS = {
    "400": "the body is no JSON",
    "401": "no token, a wrong one, or no such conversation: the same answer",
    "403": "a cookie was shown by another site's page",
    "409": "this cannot be done now, or the message_id was used with another text",
    "410": "the conversation has ended",
    "413": "the body is larger than 64 KB",
    "422": "the text is empty or too long, or a parameter is wrong",
    "503": "the database is away: nothing was stored, send the same message_id again",
}
_TEXT: dict[str, Any] = {"type": "string"}
_NUMBER: dict[str, Any] = {"type": "integer", "minimum": 0}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: dict[str, Any], text: str = "") -> dict[str, Any]:
    return {"description": text or "done", "content": {"application/json": {"schema": schema}}}


def _object(required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required.split(), "properties": properties}


def _route(
    summary: str, good: dict[str, Any], *errors: str, body: Any = None, query: Any = (), open: bool = False
) -> dict[str, Any]:
    made: dict[str, Any] = {"summary": summary, "responses": dict(good)}
    for status in (*errors, "503"):
        made["responses"][status] = _json(_ref("Error"), _ERRORS[status])
    if body is not None:
        made["requestBody"] = {"content": {"application/json": {"schema": body}}}
    if query:
        made["parameters"] = list(query)
    if not open:
        made["security"] = [{"token": []}, {"page": []}]
    return made


def _query(name: str, text: str, where: str = "query", schema: Any = _NUMBER) -> dict[str, Any]:
    return {"name": name, "in": where, "description": text, "required": where == "path", "schema": schema}


_HOLDER = {"type": "string", "enum": ["bot", "queue", "adviser"]}
_ID = [_query("id", "the conversation", "path", _TEXT)]
_MESSAGE = _object(
    "seq author text at",
    seq=_NUMBER,
    author={"type": "string", "enum": ["worker", "bot", "adviser", "system"]},
    name={"type": "string", "nullable": True},
    text=_TEXT,
    at={"type": "string", "format": "date-time"},
    message_id={"type": "string", "nullable": True},
    choices={"type": "array", "items": _TEXT, "description": "quick replies"},
)
_SENT = _object(
    "status seq message_id holder",
    status={"type": "string", "enum": ["received", "answered"]},
    seq=_NUMBER,
    message_id=_TEXT,
    replies={"type": "array", "items": _ref("Message")},
    holder=_HOLDER,
)
_TICKET = _object(
    "ticket promised_for message holder",
    ticket=_TEXT,
    promised_for={"type": "string", "format": "date-time"},
    message=_TEXT,
    holder=_HOLDER,
)
_STREAM = {
    "description": "server-sent events: `message` (id = seq, data = Message) and `holder`; a comment every 15 s",
    "content": {"text/event-stream": {"schema": _TEXT}},
}

DESCRIPTION: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "farun web chat", "version": "1", "description": "Ask, be answered, reach a person."},
    "paths": {
        "/api/v1/conversations": {
            "post": _route(
                "Begin a conversation",
                {"201": _json(_object("conversation", conversation=_TEXT, token=_TEXT), "token: shown once, keep it")},
                "400",
                "403",
                "413",
                "422",
                body=_object("", remember={"type": "boolean", "description": "own page: token in a cookie"})
                | {"required": []},
                open=True,
            )
        },
        "/api/v1/conversations/{id}": {
            "parameters": _ID,
            "delete": _route(
                "End the conversation", {"200": _json(_object("ended", ended={"type": "boolean"}))}, "401", "403", "409"
            ),
        },
        "/api/v1/conversations/{id}/messages": {
            "parameters": _ID,
            "post": _route(
                "Send a message; it is stored before this answers, and the same message_id again gives the same result",
                {
                    "202": _json(_ref("Sent"), "stored; the answer comes as an event"),
                    "200": _json(_ref("Sent"), "with ?wait: dealt with, `replies` may be empty while a person holds"),
                },
                "400",
                "401",
                "403",
                "409",
                "410",
                "413",
                "422",
                body=_object(
                    "message_id text",
                    message_id={"type": "string", "minLength": 1, "maxLength": 128},
                    text={"type": "string", "minLength": 1, "maxLength": 4000},
                ),
                query=[_query("wait", "seconds to wait for the replies, at most 30", schema={"type": "number"})],
            ),
            "get": _route(
                "The messages so far",
                {
                    "200": _json(
                        _object("messages holder", messages={"type": "array", "items": _ref("Message")}, holder=_HOLDER)
                    )
                },
                "401",
                "422",
                query=[_query("after", "only messages with a larger seq")],
            ),
        },
        "/api/v1/conversations/{id}/events": {
            "parameters": _ID,
            "get": _route(
                "What happens in the conversation, as it happens",
                {"200": _STREAM},
                "401",
                "422",
                query=[
                    _query("after", "only messages with a larger seq"),
                    _query("Last-Event-ID", "set by a browser that comes back", "header"),
                ],
            ),
        },
        "/api/v1/conversations/{id}/handoff": {
            "parameters": _ID,
            "post": _route("Ask for a person", {"200": _json(_TICKET)}, "401", "403", "410"),
            "delete": _route(
                "No longer wait for one", {"200": _json(_object("holder", holder=_HOLDER))}, "401", "403", "409"
            ),
        },
        "/openapi.json": {"get": {"summary": "This description", "responses": {"200": _json({"type": "object"})}}},
    },
    "components": {
        "schemas": {
            "Error": _object("code message hint request_id", code=_TEXT, message=_TEXT, hint=_TEXT, request_id=_TEXT),
            "Message": _MESSAGE,
            "Sent": _SENT,
        },
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "page": {"type": "apiKey", "in": "cookie", "name": "farun_chat"},
        },
    },
}
