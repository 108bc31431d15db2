"""Doors with price tags: for each situation of a hand-worked table the right door first, the closed ones last with why."""

import re
from collections import Counter
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import doors as looking
from knowledge.answer import LIMIT, fill
from knowledge.citing import fault
from knowledge.claims import FORMULAS
from knowledge.doors import door_lines, door_text, doors
from knowledge.law import Law
from knowledge.parts import Door
from knowledge.release import load
from knowledge.search import normalise

KB = load()
LAW, TODAY = Law(KB), date(2026, 11, 24)
TABLE = yaml.safe_load((Path(__file__).parent.parent / "cases" / "doors.yml").read_text(encoding="utf-8"))
SITUATIONS = TABLE["situations"]
UNSURE = "以顾问确认为准"
FREE = ["arbitration", "mediation", "inspection", "legal_aid"]
HOTLINES = {"12333", "12348", "12345", "110", "12333、12348、12345"}
each = pytest.mark.parametrize("door", KB.doors.values(), ids=list(KB.doors))
each_case = pytest.mark.parametrize("row", SITUATIONS, ids=[r["case"][:24] for r in SITUATIONS])


def told(door: Door) -> list[str]:
    """What a worker reads of a door, placeholders and all."""
    return [door.name, door.line, door.cost, door.time, door.clock, *door.papers, *(c.say for c in door.closed)]


def filled(text: str) -> str:
    return fill(text, LAW, TODAY)


# --- the table -----------------------------------------------------------------------------------------------------


@each_case
def test_the_right_door_comes_first_and_the_wrong_ones_are_closed(row: dict[str, Any]) -> None:
    found = doors(KB, row["facts"], row["kinds"], TODAY)
    by_id = {d.door.id: d for d in found}
    assert found[0].door.id == row["first"]
    for name, word in row["closed"].items():
        assert not by_id[name].open, name
        assert word in by_id[name].why_closed
    assert [name for name in row["open"] if not by_id[name].open] == []


@each_case
def test_the_answer_begins_with_that_door_and_tells_its_price(row: dict[str, Any]) -> None:
    text = door_lines(KB, row["facts"], row["kinds"], TODAY)
    first = KB.doors[row["first"]]
    line = next(part for part in text.split("\n") if part.startswith("①"))
    assert line.startswith(f"① {first.name}：{filled(first.cost)}{filled(first.time)}")
    assert "期限：" + filled(first.clock) in line
    assert line.endswith("｜" + KB.cite(first.basis[0]))


@each_case
def test_the_answer_says_why_doors_are_closed(row: dict[str, Any]) -> None:
    text = door_lines(KB, row["facts"], row["kinds"], TODAY)
    shut = [d for d in doors(KB, row["facts"], row["kinds"], TODAY) if not d.open]
    assert ("现在走不了：" in text) == bool(shut)
    assert not shut or shut[0].why_closed.rstrip("。") in text


# --- for all facts ---------------------------------------------------------------------------------------------------

VALUES: dict[str, list[Any]] = {
    "judged": [True, False], "has_iou": [True, False], "dismissed": [True, False], "platform": [True, False],
    "injury_recognized": [True, False], "insured": [True, False], "death": [True, False],
    "inspection_order": [True, False], "injury_grade": [1, 9, Decimal(10)],
    "employer_kind": list(KB.facts["employer_kind"].choices), "role": list(KB.facts["role"].choices),
}  # fmt: skip
FACTS = st.fixed_dictionaries({}, optional={fact: st.sampled_from(values) for fact, values in VALUES.items()})
KINDS = st.lists(st.sampled_from(sorted(FORMULAS)), unique=True, max_size=5)
many = settings(max_examples=250, deadline=None)


@many
@given(FACTS, KINDS)
def test_an_answer_fits_a_message_and_shows_at_least_two_doors(facts: dict[str, Any], kinds: list[str]) -> None:
    text = door_lines(KB, facts, kinds, TODAY)
    opened = sum(d.open for d in doors(KB, facts, kinds, TODAY))
    assert len(text) <= LIMIT
    assert "…" not in text and "{" not in text
    assert len(re.findall("^[①②③]", text, re.M)) >= min(opened, 2)


@many
@given(FACTS, KINDS)
def test_closed_doors_come_last_and_say_why_with_an_article(facts: dict[str, Any], kinds: list[str]) -> None:
    found = doors(KB, facts, kinds, TODAY)
    assert [d.open for d in found] == sorted((d.open for d in found), reverse=True)
    opened = [d.rank for d in found if d.open]
    assert opened == sorted(opened)
    for shut in (d for d in found if not d.open):
        assert shut.why_closed.endswith("。")
        assert shut.basis and all(fault(c, KB.laws, TODAY) is None for c in shut.basis)


@many
@given(FACTS, KINDS)
def test_every_line_of_an_answer_names_its_article(facts: dict[str, Any], kinds: list[str]) -> None:
    for line in door_lines(KB, facts, kinds, TODAY).split("\n")[1:]:
        if line.startswith("现在走不了："):
            assert all(re.search("（.*(?:条|款|项|号)）", part) for part in line.split("；") if "——" in part)
        else:
            assert re.search("｜.*(?:条|款|项|号)$", line)


@many
@given(FACTS, KINDS, st.sampled_from(sorted(KB.doors)))
def test_no_door_named_beside_or_after_is_closed_by_the_same_facts(
    facts: dict[str, Any], kinds: list[str], name: str
) -> None:
    text = door_text(KB.doors[name], KB, facts, kinds, TODAY)
    assert len(text) <= LIMIT
    closed = {d.door.name for d in doors(KB, facts, kinds, TODAY) if not d.open}
    later = {fact: value for fact, value in facts.items() if value is not False}  # what is not yet so may be so by then
    closed_later = {d.door.name for d in doors(KB, later, kinds, TODAY) if not d.open}
    lines = text.split("\n")
    beside = [n for li in lines if li.startswith("可以同时走：") for n in li.split("：")[1].split("、")]
    after = [n for li in lines if li.startswith("下一步：") for n in li.split("：")[1].split("、")]
    assert closed.isdisjoint(beside)
    assert closed_later.isdisjoint(after)


@pytest.mark.parametrize("kinds", [["arrears"], ["severance"], ["injury_disability"], []])
def test_what_is_not_known_closes_nothing(kinds: list[str]) -> None:
    assert [d.door.id for d in doors(KB, {}, kinds, TODAY) if not d.open] == []


def test_a_door_is_only_offered_for_its_claims() -> None:
    offered = {d.door.id for d in doors(KB, {}, ["severance"], TODAY)}
    assert {"arbitration", "mediation", "legal_aid", "lawsuit", "enforcement"} <= offered
    assert offered.isdisjoint({"inspection", "payment_order", "iou_suit", "police", "injury_recognition"})


# --- one door -------------------------------------------------------------------------------------------------------


def test_a_price_tag_holds_everything_and_says_what_staff_have_not_filled_in() -> None:
    text = door_text(KB.doors["arbitration"], KB, {}, ["arrears"], TODAY)
    for part in (
        "花钱：不收钱",
        "要多久：5个工作日内",
        "45日",
        "15日",
        "1年",
        "带上：身份证",
        "可以同时走：",
        "下一步：",
    ):
        assert part in text
    assert "地址：待补充；电话：待补充；上班时间：待补充" in text
    assert "《劳动争议调解仲裁法》第二十七条" in text


def test_a_closed_door_says_so_in_its_price_tag() -> None:
    text = door_text(KB.doors["enforcement"], KB, {"judged": False}, ["arrears"], TODAY)
    assert "现在走不了：申请强制执行——还没有裁决或判决" in text
    assert "可以同时走" not in text
    assert "可以同时走" in door_text(KB.doors["enforcement"], KB, {"judged": True}, ["arrears"], TODAY)


def test_what_is_not_yet_so_may_come_next() -> None:
    text = door_text(KB.doors["arbitration"], KB, {"judged": False}, ["arrears"], TODAY)
    assert "下一步：申请强制执行、起诉（不服裁决）" in text


@pytest.mark.parametrize("row", TABLE["asked_doors"], ids=[r["text"] for r in TABLE["asked_doors"]])
def test_a_question_finds_the_door_that_it_names(row: dict[str, Any]) -> None:
    found = looking.which(KB, row["text"])
    assert (found and found.id) == row["door"]


@each
def test_each_of_its_wordings_finds_the_door_or_none(door: Door) -> None:
    found = [looking.which(KB, ask) for ask in door.asks]
    assert [f.id for f in found if f is not None and f.id != door.id] == []
    assert sum(f is not None for f in found) >= 7


# --- the content ----------------------------------------------------------------------------------------------------


@each
def test_it_stands_on_articles_in_force(door: Door) -> None:
    cited = [*door.basis, *(c for closed in door.closed for c in closed.basis)]
    assert door.basis and all(closed.basis for closed in door.closed)
    assert [c for c in cited if fault(c, KB.laws, TODAY)] == []


@each
def test_its_conditions_are_facts_and_claims_that_exist(door: Door) -> None:
    assert [k for k in door.claims if k != "any" and k not in FORMULAS] == []
    for when in [*(c.when for c in door.closed), door.best or {}]:
        for fact, allowed in when.items():
            if fact == "claims":
                assert [k for k in allowed if k not in FORMULAS] == []
                continue
            choices = KB.facts[fact].choices
            assert all(not choices or value in choices for value in allowed)
            assert KB.facts[fact].type != "bool" or set(allowed) <= {True, False}


@each
def test_its_texts_are_short_plain_and_without_typed_figures(door: Door) -> None:
    texts = [filled(text) for text in told(door)]
    sentences = [s for text in texts for s in re.split("[。；！？：，、]", text) if s]
    assert sum(map(len, sentences)) / len(sentences) <= 20
    assert all(text.endswith("。") for text in (door.line, door.cost, door.time, door.clock))
    typed = [re.sub(r"\{[^}]*\}", "", text) for text in told(door)]
    assert [t for t in typed if re.search(r"\d+\s*(?:元|天|日内|个月|年|个工作日|小时|%|倍)", t)] == []
    assert {n for t in typed for n in re.findall(r"\d{3,}", t)} <= HOTLINES
    assert not any("{" in text for text in texts)


@each
def test_what_is_unsure_is_said_and_marked(door: Door) -> None:
    says = UNSURE in "".join(told(door))
    keys = re.findall(r"\{\w+:([\w.-]+)\}", "".join(told(door)))
    leans = any(LAW.parameter(key, TODAY).status != "confirmed" for key in keys)
    for citation in (*door.basis, *(c for closed in door.closed for c in closed.basis)):
        law, *rest = citation.split("/")
        leans |= KB.laws[law].status != "confirmed"
        leans |= bool(rest) and KB.laws[law].articles[rest[0]].status != "confirmed"
    assert (door.status == "to_confirm") == says
    assert not leans or says


@each
def test_it_leads_on_and_has_a_place_and_an_owner(door: Door) -> None:
    assert door.id not in door.beside and door.id not in door.next
    assert len({normalise(ask) for ask in door.asks}) >= 8
    assert door.owner == "吴中区公共法律服务中心" and door.reviewed_on <= TODAY < door.review_by


def test_no_wording_stands_twice_anywhere() -> None:
    asked = [(*d.asks,) for d in KB.doors.values()] + [e.asks for e in KB.evidence.values()]
    found = Counter(normalise(ask) for asks in [*asked, *(e.asks for e in KB.entries)] for ask in set(asks))
    ours = {normalise(ask) for asks in asked for ask in asks}
    assert [ask for ask, count in found.items() if count > 1 and ask in ours] == []


def test_no_address_is_invented_and_only_hotlines_have_a_number() -> None:
    assert {p.phone for p in KB.places.values() if p.phone} <= HOTLINES
    assert [p.id for p in KB.places.values() if p.address and re.search(r"\d|路|号", p.address)] == []


@pytest.mark.parametrize("name", FREE)
def test_what_costs_nothing_says_so(name: str) -> None:
    assert KB.doors[name].cost.startswith("不收钱")


# What is told wrongly most often about a door, and must be told right.
RIGHT = {
    "payment_order": ["支付令作废，一般先去仲裁"],
    "iou_suit": ["不用先仲裁", "只能要工资"],
    "police": ["政府书面责令付钱", "不等于申请仲裁"],
    "legal_aid": ["不查家里有没有钱", "只要辞退补偿的，以顾问确认为准", "不等于申请仲裁"],
    "inspection": ["仲裁期限重新算", "{limit:inspection_years}内投诉"],
    "injury_recognition": ["您自己{limit:injury_apply_worker_years}内报"],
    "appraisal": ["{limit:reappraisal_days}内申请再评"],
    "fund_advance": ["基金再向单位追"],
    "lawsuit": ["只有{limit:lawsuit_days}"],
    "arbitration": ["欠薪还在上班的不限，离开后{limit:arbitration_years}内"],
    "hotlines": ["打电话不等于申请仲裁"],
    "notary": ["仲裁期限照样要盯"],
}


@pytest.mark.parametrize("name", RIGHT)
def test_the_usual_traps_are_told_right(name: str) -> None:
    assert [phrase for phrase in RIGHT[name] if phrase not in "".join(told(KB.doors[name]))] == []
