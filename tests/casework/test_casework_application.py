"""The legal-aid application from fields to status: kind refusals, one row per submission, strangers see nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta

import pytest
import sqlalchemy as sa

from base import clock, database
from base.database import transaction
from casework import access, application, conversation, tables
from casework.application import Draft, aid_rules, means_test
from casework.application_fields import Invalid, check
from casework.errors import NotFound, Refused

ID = "11010519491231002X"  # the worked example of GB 11643: a number whose check digit is X


def complete(**other: object) -> Draft:
    values = {
        "matter": "wages",
        "migrant_worker": True,
        "name": "王建国",
        "phone": "13912345678",
        "employer": "东山五金厂",
        "amount": "13000.00",
        "facts_text": "拖欠两个月工资",
    }
    return Draft({**values, **other}, ["id_number", "address"])


# -- fields -----------------------------------------------------------------------


@pytest.mark.parametrize(
    ("field", "text", "value"),
    [
        ("name", "我叫王建国", "王建国"),
        ("name", " 阿卜杜拉·买买提 ", "阿卜杜拉·买买提"),
        ("phone", "139 1234 5678", "13912345678"),
        ("phone", "１３９１２３４５６７８", "13912345678"),
        ("phone", "+86 139-1234-5678。", "13912345678"),
        ("id_number", "11010519491231002x", ID),
        ("id_number", "１１０１０５ １９４９１２３１ ００２Ｘ", ID),
        ("amount", "13000", "13000.00"),
        ("amount", "大概13,000元", "13000.00"),
        ("amount", "1.3万", "13000.00"),
        ("amount", "1万3", "13000.00"),
        ("migrant_worker", "是的，农村的", True),
        ("migrant_worker", "不是", False),
        ("migrant_worker", "城镇户口", False),
        ("migrant_worker", "农村户口", True),
        ("matter", "1", "wages"),
        ("matter", "要工资和工伤赔偿", "both"),
        ("matter", "辞退的补偿", "severance"),
        ("employer", "东山五金厂", "东山五金厂"),
    ],
)
def test_answers_are_taken_as_people_type_them(field, text, value) -> None:
    assert check(field, text) == value


@pytest.mark.parametrize(
    ("field", "text", "why"),
    [
        ("name", "王", "2到20"),
        ("name", "1391234", "2到20"),
        ("phone", "1391234567", "11位"),
        ("phone", "23912345678", "11位"),
        ("phone", "139123456789", "11位"),
        ("id_number", "110105194912310021", "对不上"),  # wrong check digit
        ("id_number", "110105194902310029", "对不上"),  # 31 February
        ("id_number", "11010519491231", "18位"),
        ("amount", "很多", "数字"),
        ("amount", "2个月工资", "数字"),
        ("amount", "2026年11月的", "数字"),
        ("amount", "-3000", "不太对"),
        ("amount", "负3000", "不太对"),
        ("amount", "0", "不太对"),
        ("amount", "999999999999", "不太对"),
        ("migrant_worker", "也许", "不知道"),
        ("matter", "天气", "回复数字"),
        ("address", "苏州", "4到100"),
        ("facts_text", "欠钱", "5到1000"),
        ("facts_text", "字" * 1001, "5到1000"),
    ],
)
def test_other_answers_get_a_sentence_that_says_what_is_expected(field, text, why) -> None:
    with pytest.raises(Invalid, match=why):
        check(field, text)


def test_an_identity_number_from_the_future_is_refused() -> None:
    with clock.at(date(1949, 12, 30)), pytest.raises(Invalid):
        check("id_number", ID)


# -- the draft ----------------------------------------------------------------------

SUMMARY = {
    "problems": ["拖欠工资", "被辞退"],
    "topics": ["wages", "dismissal"],
    "facts": {
        "monthly_wage": {
            "label": "月工资",
            "value": 6500,
            "unit": "yuan/month",
            "source": "said",
            "show": "月工资6,500元",
        },
        "months_owed": {"label": "拖欠月数", "value": 2, "unit": "months", "source": "said", "show": "拖欠2个月"},
        "employer_name": {"label": "单位名称", "value": "东山五金厂", "source": "said", "show": "单位名称：东山五金厂"},
    },
    "claims": [{"kind": "arrears", "amount": "13000.00"}, {"kind": "severance", "amount": "13000.00"}],
}


def test_what_the_consultation_knows_is_not_asked_again() -> None:
    draft = Draft.from_summary(SUMMARY)
    assert draft.values["matter"] == "wages"
    assert draft.values["employer"] == "东山五金厂"
    assert draft.values["amount"] == "13000.00"
    assert "月工资6,500元" in draft.values["facts_text"]
    assert [f.id for f in application.missing(draft)] == ["migrant_worker", "name", "phone", "id_number", "address"]


@pytest.mark.parametrize(
    ("topics", "claims", "matter"),
    [
        (["injury"], [], "injury"),
        (["wages", "injury"], [], "both"),
        (["dismissal"], ["severance"], "severance"),
        (["dismissal"], ["arrears", "unlawful_dismissal"], "wages"),
        ([], [], None),
    ],
)
def test_the_matter_follows_from_the_problems(topics, claims, matter) -> None:
    draft = Draft.from_summary({"topics": topics, "claims": [{"kind": k} for k in claims]})
    assert draft.values.get("matter") == matter


def test_nothing_known_means_everything_is_asked_one_at_a_time() -> None:
    draft = Draft.from_summary(None)
    asked = []
    answers = {
        "matter": "1",
        "migrant_worker": "是",
        "name": "王建国",
        "phone": "13912345678",
        "facts_text": "拖欠两个月工资",
    }
    while (field := application.next_question(draft)) is not None:
        asked.append(field.id)
        if field.id in answers:
            draft.put(field.id, answers[field.id])
        else:
            draft.put_off(field.id)
    assert asked == [f.id for f in application.FIELDS]
    assert dict(application.review(draft)) | {"姓名": "王建国", "身份证号": "以后补", "是不是农民工": "是"} == dict(
        application.review(draft)
    )


def test_what_is_needed_to_reach_the_person_cannot_be_left_out() -> None:
    for name in ("name", "phone", "matter"):
        with pytest.raises(Invalid, match="不能不填"):
            Draft().put_off(name)


def test_a_draft_survives_the_way_through_json_and_is_checked_again() -> None:
    draft = complete(id_number=ID)
    assert Draft.from_dict(json.loads(json.dumps(draft.to_dict()))) == draft
    with pytest.raises(Invalid):
        Draft.from_dict({"values": {"phone": "123"}})


# -- who is asked about means (法律援助法 41, 42) ------------------------------------


@pytest.mark.parametrize(
    ("matter", "migrant", "status", "person"),
    [
        ("wages", True, "waived", False),
        ("injury", True, "waived", False),
        ("both", True, "waived", False),
        ("wages", False, "promise", False),
        ("injury", False, "promise", False),
        ("severance", True, "promise", True),
        ("severance", False, "promise", True),
        ("other", True, "promise", True),
        ("wages", None, "check", True),
        (None, True, "check", True),
    ],
)
def test_means_are_not_looked_at_for_a_migrant_workers_pay_and_injury_claims(
    kb, matter, migrant, status, person
) -> None:
    tested = means_test(matter, migrant, aid_rules(kb))
    assert (tested.status, tested.needs_person) == (status, person)


def test_the_articles_and_days_come_from_the_knowledge_base(kb) -> None:
    rules = aid_rules(kb)
    assert (rules.decide_days, rules.assign_days) == (7, 3)
    assert means_test("wages", True, rules).citations == ("法律援助法/42/1/3",)
    assert "第四十二条" in means_test("wages", True, rules).cite
    assert "第四十一条" in means_test("wages", False, rules).cite


# -- submitting -----------------------------------------------------------------------


def test_the_applicant_is_told_number_last_days_and_how_to_look_it_up(engine, talk, kb, at) -> None:
    with transaction(engine) as conn:
        done = application.submit(conn, complete(), "key-1", talk, kb, at())
    assert done.number.startswith("WZ20261124-")
    assert (done.decision_due, done.assign_due) == (date(2026, 12, 1), date(2026, 12, 4))
    for part in (done.number, "12月1日", "12月4日", "第四十二条", "第四十三条", "身份证", "后四位", "/status"):
        assert part in done.text


def test_the_same_submission_again_is_the_same_application(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        first = application.submit(conn, complete(), "key-1", talk, kb)
        second = application.submit(conn, complete(), "key-1", talk, kb)
        assert (second.number, second.again, first.again) == (first.number, True, False)
        with pytest.raises(Refused, match="内容"):
            application.submit(conn, complete(phone="13800000000"), "key-1", talk, kb)
        assert len(conn.execute(sa.select(tables.application)).all()) == 1
        assert len(conn.execute(sa.select(tables.application_event)).all()) == 1


def test_the_same_matter_under_another_key_is_a_duplicate_and_names_the_first(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        first = application.submit(conn, complete(), "key-1", talk, kb)
        with pytest.raises(Refused, match=first.number):
            application.submit(conn, complete(facts_text="还是那两个月工资"), "key-2", talk, kb)
        other = application.submit(conn, complete(employer="木渎电子厂"), "key-3", talk, kb)
        assert other.number != first.number


def test_a_key_of_one_conversation_opens_nothing_in_another(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        first = application.submit(conn, complete(), "key-1", talk, kb)
        stranger, _ = conversation.open_conversation(conn, "web")
        second = application.submit(conn, complete(name="李四光", phone="13700000000"), "key-1", stranger, kb)
        assert second.number != first.number


def test_an_incomplete_draft_is_refused_with_what_is_missing(engine, talk, kb) -> None:
    draft = complete()
    del draft.values["phone"]
    with transaction(engine) as conn:
        with pytest.raises(Refused, match="手机号"):
            application.submit(conn, draft, "key-1", talk, kb)
        assert conn.execute(sa.select(tables.application)).all() == []


def test_personal_data_is_not_readable_in_the_database(engine, talk, kb) -> None:
    with transaction(engine) as conn:
        application.submit(conn, complete(id_number=ID, address="木渎镇花苑路8号"), "key-1", talk, kb)
    with engine.connect() as conn:
        raw = " ".join(
            str(tuple(row))
            for name in ("application", "application_event", "audit")
            for row in conn.execute(sa.text(f"SELECT * FROM {name}"))
        )
    assert "application_submitted" in raw
    for secret in ("王建国", "13912345678", "5678", ID, "花苑路", "东山五金厂"):
        assert secret not in raw


@pytest.mark.postgres
def test_twenty_submissions_at_once_are_one_application_and_other_keys_get_numbers_of_their_own(
    postgres_url, settings, kb
) -> None:
    made = database.make_engine(postgres_url)
    database.metadata.create_all(made)
    with transaction(made) as conn:
        talks = [conversation.open_conversation(conn, "web")[0] for _ in range(12)]

    def submit(place: int) -> str:
        with transaction(made) as conn:
            return application.submit(
                conn, complete(), "one" if place < 20 else f"k{place}", None if place < 20 else talks[place - 20], kb
            ).number

    with ThreadPoolExecutor(12) as pool:
        numbers = list(pool.map(submit, range(32)))
    assert len(set(numbers[:20])) == 1
    assert len(set(numbers)) == 13
    made.dispose()


# -- looking it up ----------------------------------------------------------------------


@pytest.fixture
def submitted(engine, talk, kb, at):
    with transaction(engine) as conn:
        return application.submit(conn, complete(), "key-1", talk, kb, at())


def test_number_and_phone_tail_show_the_state_and_nothing_of_the_person(engine, submitted, at) -> None:
    with transaction(engine) as conn:
        typed = submitted.number.lower().replace("-", " ")
        for number in (submitted.number, typed):
            seen = application.status(conn, number, "５６７８", at())
            assert seen is not None
            assert (seen.number, seen.applicant, seen.label) == (submitted.number, "王**", "已提交")
        assert [s.at for s in seen.steps] == [at()]
        for secret in ("建国", "139", "五金"):
            assert secret not in repr(seen)


@pytest.mark.parametrize(
    ("number", "tail"), [(None, "5679"), ("WZ20261124-9999", "5678"), ("' OR 1=1", "5678"), (None, "78")]
)
def test_a_wrong_tail_looks_like_an_unknown_number(engine, submitted, number, tail) -> None:
    with transaction(engine) as conn:
        assert application.status(conn, number or submitted.number, tail) is None


def test_guessing_is_stopped_after_ten_for_an_hour(engine, submitted, at) -> None:
    def look(tail: str, now):
        with transaction(engine) as conn:
            return application.status(conn, submitted.number, tail, now)

    now = at()
    for place in range(9):
        assert look(f"000{place}", now) is None
    assert look("5678", now) is not None
    assert look("0009", now) is None
    assert look("5678", now) is None
    assert look("5678", now + timedelta(minutes=59)) is None
    assert look("5678", now + timedelta(minutes=61)) is not None


def test_the_way_of_an_application_is_seen_by_its_applicant(engine, submitted, talk, staff, at) -> None:
    steps = [
        ("needs_papers", "请补身份证照片"),
        ("accepted", ""),
        ("under_review", ""),
        ("approved", ""),
        ("assigned", "李律师会联系您"),
        ("closed", ""),
    ]
    with transaction(engine) as conn:
        for place, (state, note) in enumerate(steps, 1):
            application.move(conn, submitted.id, staff["李律师"], state, note, at() + timedelta(hours=place))
        seen = application.status(conn, submitted.number, "5678")
        assert [(s.state, s.note) for s in seen.steps[1:]] == [(s, n or None) for s, n in steps]
        assert application.pending(conn) == []
        told = [e.text for e in conversation.timeline(conn, talk) if e.author == "system"]
        assert "请补身份证照片" in told[0]
        assert len(told) == len(steps)
        with pytest.raises(Refused):
            application.move(conn, submitted.id, staff["李律师"], "accepted")


@pytest.mark.parametrize(
    ("name", "state", "note"),
    [
        ("李律师", "approved", ""),  # not yet looked at
        ("李律师", "nonsense", ""),
        ("李律师", "needs_papers", ""),  # which?
        ("李律师", "accepted", "电话13912345678"),  # the note is shown to whoever looks it up
        ("李律师", "accepted", "字" * 201),
        ("陈主任", "accepted", ""),
        ("周编辑", "accepted", ""),
    ],
)
def test_other_moves_are_refused(engine, submitted, staff, name, state, note) -> None:
    with transaction(engine) as conn:
        with pytest.raises(Refused):
            application.move(conn, submitted.id, staff[name], state, note)
        assert application.status(conn, submitted.number, "5678").state == "submitted"


def test_only_the_desk_reads_an_application_and_every_look_is_noted(engine, submitted, staff) -> None:
    with transaction(engine) as conn:
        listed = application.pending(conn)
        assert [(a.number, a.applicant, a.matter) for a in listed] == [(submitted.number, "王**", "拖欠工资")]
        for name in ("李律师", "李律师", "陈主任"):
            assert (
                json.loads(access.application_for(conn, staff[name], submitted.id).fields)["values"]["name"] == "王建国"
            )
        for who, which in (("周编辑", submitted.id), ("李律师", 999)):
            with pytest.raises(NotFound) as refused:
                access.application_for(conn, staff[who], which)
            assert refused.value.message == NotFound().message
        looks = (
            conn.execute(sa.select(tables.audit.c.account_id).where(tables.audit.c.action == "read")).scalars().all()
        )
        assert looks == [staff["李律师"].id, staff["陈主任"].id]
