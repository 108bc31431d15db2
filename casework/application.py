"""The application for legal aid: what it holds, who is not asked about means, and its life after it is handed in.

All rules of law (who, which articles, how many days) are read from the knowledge base: `aid_rules`.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection, Row

from base import clock
from base.privacy import keyed_hash
from casework import audit, tables
from casework.aid_rules import AidRules, MeansTest, aid_rules, means_test
from casework.application_fields import BY_ID, FIELDS, MATTERS, Field, Invalid, check
from casework.application_life import STATES, TRANSITIONS, Applied, StatusView, Step, move, pending, status
from casework.errors import Refused

if TYPE_CHECKING:
    from knowledge.release import KnowledgeBase

__all__ = ["FIELDS", "MATTERS", "AidRules", "Draft", "Field", "Invalid", "MeansTest", "Submitted", "aid_rules"]
__all__ += ["means_test", "missing", "next_question", "review", "submit"]
__all__ += ["STATES", "TRANSITIONS", "Applied", "StatusView", "Step", "move", "pending", "status"]  # application_life

_table, _events = tables.application, tables.application_event
WAGE_CLAIMS = {"arrears", "overtime"}
INJURY_CLAIMS = {"injury_disability", "injury_lump_sums", "death_benefit", "medical_period_pay"}
LEAVING_CLAIMS = {"severance", "unlawful_dismissal", "notice_pay", "double_wage"}
ENDED = ("closed", "refused")


@dataclass
class Draft:
    """An application being filled in: `values` by field id, `later` the fields asked that cannot be given now."""

    values: dict[str, Any] = field(default_factory=dict)
    later: list[str] = field(default_factory=list)

    @classmethod
    def from_summary(cls, summary: Mapping[str, Any] | None) -> Draft:
        """Prefilled from what the consultation knows (conversation.summary as a dict; None: nothing)."""
        told = summary or {}
        facts = told.get("facts") or {}
        claims = {c["kind"]: c for c in told.get("claims") or ()}
        found = {
            "matter": _matter(told.get("topics") or (), claims),
            "employer": (facts.get("employer_name") or {}).get("value"),
            "amount": (claims.get("arrears") or {}).get("amount") or (facts.get("amount_owed") or {}).get("value"),
            "facts_text": _story(told),
        }
        draft = cls()
        for name, value in found.items():
            if value not in (None, ""):
                draft.put(name, str(value), quiet=True)
        return draft

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Draft:
        """A draft from JSON; every value is checked again. Raises Invalid."""
        draft = cls(later=[f for f in data.get("later") or () if f in BY_ID])
        for name, value in (data.get("values") or {}).items():
            if name in BY_ID and value is not None:
                draft.values[name] = value if isinstance(value, bool) else check(name, str(value))
        return draft

    def to_dict(self) -> dict[str, Any]:
        """The draft as JSON-able data; the inverse of `from_dict`."""
        return {"values": dict(self.values), "later": list(self.later)}

    def put(self, name: str, text: str, quiet: bool = False) -> None:
        """Take an answer to a field. Raises Invalid (unless `quiet`: then a bad one is left out)."""
        try:
            value = check(name, text)
        except Invalid:
            if quiet:
                return
            raise
        self.values[name] = value
        if name in self.later:
            self.later.remove(name)

    def put_off(self, name: str) -> None:
        """The applicant does not know it or gives it later. Raises Invalid for a field that cannot wait."""
        if BY_ID[name].required:
            raise Invalid(f"{BY_ID[name].label}不能不填：{BY_ID[name].why}。")
        self.values.pop(name, None)
        if name not in self.later:
            self.later.append(name)


def _matter(topics: Any, claims: Mapping[str, Any]) -> str | None:
    wages = "wages" in topics or "overtime" in topics or bool(WAGE_CLAIMS & set(claims))
    injury = "injury" in topics or bool(INJURY_CLAIMS & set(claims))
    if wages and injury:
        return "both"
    if wages or injury:
        return "wages" if wages else "injury"
    return "severance" if "dismissal" in topics or LEAVING_CLAIMS & set(claims) else None


def _story(told: Mapping[str, Any]) -> str:
    """The problems and the facts in the consultation's own words."""
    problems = "、".join(told.get("problems") or ())
    facts = "；".join(str(f.get("show") or "") for f in (told.get("facts") or {}).values() if f.get("show"))
    return "。".join(part for part in (problems, facts) if part)[:1000]


def missing(draft: Draft) -> list[Field]:
    """The fields that have not been asked or given yet, in the order of asking."""
    return [f for f in FIELDS if f.id not in draft.values and f.id not in draft.later]


def next_question(draft: Draft) -> Field | None:
    """The one field to ask now, or None when the draft can be reviewed."""
    left = missing(draft)
    return left[0] if left else None


def review(draft: Draft) -> list[tuple[str, str]]:
    """Every field with what was given, as (label, value) to be read before submitting."""
    return [(f.label, f.show(draft.values[f.id]) if f.id in draft.values else "以后补") for f in FIELDS]


def means(draft: Draft, rules: AidRules) -> MeansTest:
    """Whether the applicant's means are looked at, for this draft."""
    return means_test(draft.values.get("matter"), draft.values.get("migrant_worker"), rules)


@dataclass(frozen=True)
class Submitted:
    """A submission that was kept: what the applicant is told. `again` is true when it had been kept before."""

    id: int
    number: str
    state: str
    decision_due: date
    assign_due: date
    means_test: str
    needs_person: bool
    again: bool
    text: str


def submit(
    conn: Connection,
    draft: Draft,
    submit_key: str,
    conversation_id: str | None,
    kb: KnowledgeBase,
    now: datetime | None = None,
) -> Submitted:
    """Keep the application, exactly once per `submit_key`.

    Raises Refused for an incomplete draft, the same key with another body, or the same matter handed in already.
    """
    moment, rules = now or clock.now(), aid_rules(kb)
    lacking = [f.label for f in FIELDS if f.required and f.id not in draft.values]
    if lacking:
        raise Refused(f"还差{'、'.join(lacking)}，填好再提交。")
    key = keyed_hash("submit", conversation_id or "", submit_key)
    known = _by_key(conn, key)
    if known is None:
        _refuse_twin(conn, conversation_id, draft)
        if _insert(conn, draft, key, conversation_id, means(draft, rules).status, moment):
            row = _number(conn, key, draft, moment)
            _first_event(conn, row, rules, moment)
            return _submitted(row, draft, rules, again=False)
        known = _by_key(conn, key)  # somebody was faster
    assert known is not None
    if _body(Draft.from_dict(json.loads(known.fields))) != _body(draft):
        raise Refused("这份申请已经提交过，内容跟现在的不一样。要改内容，请跟工作人员说。")
    return _submitted(known, draft, rules, again=True)


def _body(draft: Draft) -> str:
    return json.dumps(draft.to_dict(), ensure_ascii=False, sort_keys=True)


def _by_key(conn: Connection, key: str) -> Row | None:
    return conn.execute(sa.select(_table).where(_table.c.submit_key == key)).first()


def _refuse_twin(conn: Connection, conversation_id: str | None, draft: Draft) -> None:
    """The same person's same matter, still running, is not taken a second time."""
    if conversation_id is None:
        return
    open_ones = sa.select(_table).where(_table.c.conversation_id == conversation_id, _table.c.state.notin_(ENDED))
    for row in conn.execute(open_ones):
        values = json.loads(row.fields)["values"]
        if all(values.get(k) == draft.values.get(k) for k in ("matter", "phone", "employer")):
            raise Refused(f"同一件事您已经申请过了，编号 {row.number}，不用再交。要改内容或者补材料，请跟工作人员说。")


def _insert(
    conn: Connection, draft: Draft, key: str, conversation_id: str | None, status: str, moment: datetime
) -> bool:
    """False when a row with this key came in between (the other transaction has committed)."""
    insert = (postgresql if conn.dialect.name == "postgresql" else sqlite).insert(_table)
    values = {
        "number": f"~{secrets.token_hex(8)}",
        "conversation_id": conversation_id,
        "submit_key": key,
        "state": "submitted",
        "fields": _body(draft),
        "phone_tail_hash": "",
        "means_test": status,
        "version": 0,
        "created_at": moment,
        "updated_at": moment,
    }
    return bool(conn.execute(insert.values(**values).on_conflict_do_nothing(index_elements=["submit_key"])).rowcount)


def _number(conn: Connection, key: str, draft: Draft, moment: datetime) -> Row:
    """Give the new row its number, made of the day and its id, so that no two can be alike."""
    row = _by_key(conn, key)
    assert row is not None
    number = f"WZ{clock.to_local(moment):%Y%m%d}-{row.id:04d}"
    tail = keyed_hash(number, draft.values["phone"][-4:])
    conn.execute(sa.update(_table).where(_table.c.id == row.id).values(number=number, phone_tail_hash=tail))
    audit.write(conn, "application_submitted", f"application:{row.id}", detail=row.means_test, at=moment)
    return conn.execute(sa.select(_table).where(_table.c.id == row.id)).one()


def _first_event(conn: Connection, row: Row, rules: AidRules, moment: datetime) -> None:
    decide, _ = dues(moment, rules)
    note = f"最晚{_day(decide)}决定给不给援助。材料可以后补：{'、'.join(p.label for p in rules.papers)}（容缺受理）。"
    event = {"application_id": row.id, "state": "submitted", "note": note[:200], "at": moment}
    conn.execute(sa.insert(_events).values(**event))


def dues(received: datetime, rules: AidRules) -> tuple[date, date]:
    """The last day to decide, and the last day to assign a lawyer if the decision comes on that day."""
    decide = clock.to_local(received).date() + timedelta(days=rules.decide_days)
    return decide, decide + timedelta(days=rules.assign_days)


def _day(day: date) -> str:
    return f"{day.month}月{day.day}日"


def _submitted(row: Row, draft: Draft, rules: AidRules, again: bool) -> Submitted:
    tested = means(draft, rules)
    decide, assign = dues(row.created_at, rules)
    head = f"申请已经提交过了，编号 {row.number}。" if again else f"申请已提交，编号 {row.number}，请记下来。"
    lines = [
        head,
        f"最晚{_day(decide)}决定给不给援助；决定给的，{rules.assign_days}天内安排律师，最晚{_day(assign)}（{rules.time_cite}）。",
        f"{tested.say}（{tested.cite}）。",
        f"{rules.provisional_say}：{'、'.join(p.label for p in rules.papers)}。",
        "查进度：打开本页“查进度”（/status），填编号和手机号后四位。",
    ]
    return Submitted(
        row.id, row.number, row.state, decide, assign, row.means_test, tested.needs_person, again, "\n".join(lines)
    )
