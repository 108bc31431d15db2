"""Settings: absent ones mean the embedded default, a wrong one stops the start with its name, secrets stay secret."""

import stat
import subprocess
import sys
from datetime import time
from pathlib import Path

import pytest

from base.settings import ROOT, Settings, SettingsError, unknown


def load(tmp_path, **more):
    return Settings.load({"FARUN_DATA_DIR": str(tmp_path / "var"), **{f"FARUN_{k}": v for k, v in more.items()}})


def test_nothing_set_is_the_embedded_default_in_the_data_folder(tmp_path):
    made = load(tmp_path)
    assert made.database_url == f"sqlite:///{tmp_path}/var/farun.db" and made.embedded
    assert (made.host, made.port, made.redis_url, made.amqp_url) == ("127.0.0.1", 8080, None, None)
    assert made.public_url == "http://127.0.0.1:8080"
    assert Settings.load({"FARUN_DATA_DIR": "var"}).data_dir == ROOT / "var"


def test_the_secret_is_made_once_for_one_user_only(tmp_path):
    first, second = load(tmp_path), load(tmp_path)
    assert first.secret_key == second.secret_key and len(first.secret_key) >= 32
    assert stat.S_IMODE((tmp_path / "var" / "secret.key").stat().st_mode) == 0o600
    assert load(tmp_path / "other").secret_key != first.secret_key


def test_processes_that_start_at_once_agree_on_the_secret(tmp_path):
    code = "from base.settings import Settings; print(Settings.load().secret_key.decode())"
    command = [sys.executable, "-c", code]
    env = {"FARUN_DATA_DIR": str(tmp_path / "var"), "PYTHONPATH": str(ROOT)}
    started = [subprocess.Popen(command, env=env, stdout=subprocess.PIPE) for _ in range(6)]
    told = {process.communicate(timeout=30)[0] for process in started}
    assert len(told) == 1 and len(told.pop().strip()) >= 32
    assert [p.name for p in (tmp_path / "var").iterdir()] == ["secret.key"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DATABASE_URL", "mysql://u:s3cret-word@h/db"),
        ("DATABASE_URL", "postgresql://"),
        ("DATABASE_URL", "sqlite://"),
        ("REDIS_URL", "http://h"),
        ("AMQP_URL", "amqp//h"),
        ("PUBLIC_URL", "farun.example"),
        ("PUBLIC_URL", "http://h:notaport"),
        ("PORT", "eighty"),
        ("PORT", "70000"),
        ("PORT", "８０８０"),
        ("LOG_LEVEL", "loud"),
        ("SECRET_KEY", "s3cret-word"),
        ("OFFICE_HOURS", "9-5"),
        ("OFFICE_HOURS", "13:00-17:00,09:00-12:00"),
        ("OFFICE_HOURS", "25:00-26:00"),
    ],
)
def test_a_wrong_setting_is_named_with_a_hint_and_never_quoted(tmp_path, name, value):
    with pytest.raises(SettingsError) as raised:
        load(tmp_path, **{name: value})
    assert raised.value.variable == f"FARUN_{name}" and f"FARUN_{name}" in str(raised.value)
    assert len(raised.value.hint) > 5
    assert "s3cret-word" not in str(raised.value)


def test_a_data_folder_that_cannot_be_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    for place in (tmp_path / "file", tmp_path / "file" / "below"):
        with pytest.raises(SettingsError, match="FARUN_DATA_DIR"):
            Settings.load({"FARUN_DATA_DIR": str(place)})


def test_secrets_are_not_in_the_settings_text(tmp_path):
    made = load(tmp_path, DATABASE_URL="postgresql://u:s3cret-word@h/db", SECRET_KEY="k" * 40)
    assert "s3cret-word" not in repr(made) and "k" * 40 not in repr(made)


def test_other_spellings_of_postgresql_are_understood(tmp_path):
    for given in ("postgres://u@h/db", "postgresql+psycopg2://u@h/db", "postgresql://u@h/db"):
        assert load(tmp_path, DATABASE_URL=given).database_url == "postgresql://u@h/db"


def test_office_hours_are_spans_of_local_time(tmp_path):
    assert load(tmp_path, OFFICE_HOURS="8:30-11:30, 13:00-17:00").office_hours == (
        (time(8, 30), time(11, 30)),
        (time(13), time(17)),
    )


def test_a_misspelt_variable_is_found(tmp_path):
    told = unknown({"FARUN_DATBASE_URL": "x", "FARUN_PORT": "1", "HOME": "/"})
    assert len(told) == 1 and "FARUN_DATABASE_URL" in told[0]


def test_a_damaged_secret_file_stops_the_start(tmp_path):
    folder = tmp_path / "var"
    folder.mkdir()
    Path(folder / "secret.key").write_text("short")
    with pytest.raises(SettingsError, match="secret.key"):
        load(tmp_path)
