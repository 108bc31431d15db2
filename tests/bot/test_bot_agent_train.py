"""When a model counts as fresh, and what training does with the folder of models."""

import os

import pytest

from bot import train


@pytest.fixture
def sources(tmp_path):
    root = tmp_path / "project"
    for name, text in (
        ("bot/config.yml", "a"),
        ("bot/domain/x.yml", "b"),
        ("data/nlu/y.yml", "c"),
        ("bot/agent.py", "d"),
    ):
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return root


@pytest.mark.parametrize(
    "name", ["bot/config.yml", "bot/domain/x.yml", "data/nlu/y.yml", "bot/components/new.py", "data/z.yml"]
)
def test_a_changed_or_new_source_makes_another_model(sources, name):
    before = train.fingerprint(sources)
    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("changed", encoding="utf-8")
    assert train.fingerprint(sources) != before


@pytest.mark.parametrize("name", ["bot/agent.py", "bot/components/__pycache__/x.pyc", "README.md"])
def test_what_the_model_is_not_made_of_changes_nothing(sources, name):
    before = train.fingerprint(sources)
    (sources / name).parent.mkdir(parents=True, exist_ok=True)
    (sources / name).write_text("changed", encoding="utf-8")
    for path in sources.rglob("*.yml"):
        os.utime(path, (1, 1))
    assert train.fingerprint(sources) == before


@pytest.fixture
def own(settings, tmp_path):
    """Settings with a folder of models of the test's own."""
    from dataclasses import replace

    made = replace(settings, model_dir=tmp_path / "models")
    made.model_dir.mkdir()
    return made


def test_a_fresh_model_is_not_trained_again_and_becomes_the_newest(own, monkeypatch):
    monkeypatch.setattr(train, "_run", lambda *_: pytest.fail("trained although fresh"))
    path = train.model_file(own)
    path.write_bytes(b"model")
    os.utime(path, (1, 1))
    other = own.model_dir / "farun-000000000000.tar.gz"
    other.write_bytes(b"older sources")
    assert train.train(own) == path
    assert path.stat().st_mtime >= other.stat().st_mtime


def test_training_runs_when_there_is_no_model_or_when_forced(own, monkeypatch):
    calls = []

    def run(path, log, on_progress):
        calls.append(path)
        on_progress("Classifier")
        path.write_bytes(b"model")

    heard = []
    monkeypatch.setattr(train, "_run", run)
    assert not train.fresh(own)
    path = train.train(own, on_progress=heard.append)
    assert train.fresh(own)
    assert train.train(own, force=True, on_progress=heard.append) == path
    assert calls == [path, path]
    assert heard == ["Classifier", "Classifier"]


def test_only_a_few_models_are_kept(own, monkeypatch):
    monkeypatch.setattr(train, "_run", lambda path, log, told: path.write_bytes(b"model"))
    for number in range(6):
        old = own.model_dir / f"farun-{number:012d}.tar.gz"
        old.write_bytes(b"old")
        os.utime(old, (number + 1, number + 1))
    path = train.train(own, on_progress=lambda step: None)
    left = sorted(file.name for file in own.model_dir.glob("*.tar.gz"))
    assert len(left) == train.KEPT
    assert path.name in left
    assert "farun-000000000005.tar.gz" in left


def test_training_that_fails_says_why_and_leaves_no_half_model(own, monkeypatch):
    monkeypatch.setattr(train.sys, "executable", "/bin/false")
    with pytest.raises(train.TrainingFailed, match="train.log"):
        train.train(own, on_progress=lambda step: None)
    assert list(own.model_dir.glob("*.tar.gz")) == []
