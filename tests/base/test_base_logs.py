"""Logs hold words of code and numbers only: nothing that came from outside, through whichever door."""

import io
import json
import logging

import pytest
import structlog
from hypothesis import HealthCheck, given
from hypothesis import settings as tune
from hypothesis import strategies as st

from base.logs import ALLOWED, configure, get_log


@pytest.fixture
def lines(settings):
    before = logging.root.handlers[:], logging.root.level
    configure(settings)
    buffer = io.StringIO()
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(buffer))
    yield lambda: [json.loads(line) for line in buffer.getvalue().splitlines()]
    structlog.reset_defaults()
    logging.root.handlers[:] = before[0]
    logging.root.setLevel(before[1])


def test_a_line_is_json_with_its_room_level_and_time(lines):
    get_log("worker").warning("leased", conversation="c_1", count=3)
    (line,) = lines()
    assert {k: line[k] for k in ("room", "level", "event", "conversation", "count")} == {
        "room": "worker", "level": "warning", "event": "leased", "conversation": "c_1", "count": 3,
    }  # fmt: skip
    assert line["timestamp"].endswith("Z")


def test_other_fields_and_words_of_people_do_not_appear(lines):
    get_log("web").info("request", text="老板欠薪", name="Wang Jianguo", reason="张三丰", kind="call 13987654321 now")
    (line,) = lines()
    assert "text" not in line and "name" not in line
    assert line["reason"] == "<3 characters>"
    assert "87654321" not in line["kind"]


def test_an_exception_is_told_by_class_and_place(lines):
    try:
        raise ValueError("身份证320506199001011234")
    except ValueError:
        get_log("web").exception("failed")
    (line,) = lines()
    assert line["error"] == "ValueError" and line["where"].startswith("test_base_logs.py:")
    assert "320506" not in json.dumps(line)


def test_a_library_is_told_by_name_and_place(lines):
    logging.getLogger("rasa.core").warning("Received user message '%s'", "13987654321 laoban")
    logging.getLogger("rasa.core").info("not at this level")
    (line,) = lines()
    assert line["room"] == "rasa.core" and line["event"] == "library" and line["level"] == "warning"
    assert "laoban" not in json.dumps(line)


@tune(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.sampled_from(sorted(ALLOWED - {"event", "level", "timestamp", "room"})),
    st.text("老板欠薪\n\x00\ud800", min_size=1),
)
def test_no_field_lets_chinese_through(lines, field, text):
    get_log("web").info("request", **{field: text})
    assert lines()[-1][field] == f"<{len(text)} characters>"
