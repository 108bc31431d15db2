"""The dialogue files agree with the vocabulary of facts, with the training data and with the actions."""

from pathlib import Path

import pytest
import yaml

from base.settings import ROOT


def load(path: Path) -> dict:
    return yaml.safe_load(path.read_text(encoding="utf-8")) or {}


def names(items) -> list[str]:
    return [next(iter(item)) if isinstance(item, dict) else item for item in items or []]


@pytest.fixture(scope="module")
def domain() -> dict[str, list]:
    merged: dict[str, list] = {"intents": [], "entities": [], "actions": []}
    for path in sorted((ROOT / "bot/domain").glob("*.yml")):
        for key in merged:
            merged[key] += load(path).get(key) or []
    return merged


@pytest.fixture(scope="module")
def rules() -> dict[str, str]:
    """Intent → action; a second rule for an intent is an error."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data/rules").glob("*.yml")):
        for rule in load(path)["rules"]:
            intent, action = (next(iter(step.values())) for step in rule["steps"])
            assert intent not in found, f"two rules for {intent}"
            found[intent] = action
    return found


def test_every_fact_is_an_entity_and_nothing_else_is(domain):
    files = [ROOT / "knowledge/content" / name for name in ("facts.yml", "details.yml")]
    facts = [fact["id"] for file in files for fact in load(file)["facts"]]
    assert sorted(domain["entities"]) == sorted([*facts, "quantity"])


def test_no_intent_makes_predictions_depend_on_entities(domain):
    assert all(
        isinstance(item, dict) and next(iter(item.values())) == {"use_entities": []} for item in domain["intents"]
    )


def test_every_intent_leads_to_exactly_one_action_of_the_domain(domain, rules):
    assert set(names(domain["intents"])) | {"nlu_fallback"} == set(rules)
    assert set(rules.values()) == set(names(domain["actions"]))


def test_the_actions_that_rules_name_exist(rules):
    from bot.agent import own_actions

    assert set(rules.values()) <= set(own_actions().actions)


def test_training_examples_and_domain_know_the_same_intents(domain):
    files = sorted((ROOT / "data/nlu").rglob("*.yml"))
    assert files
    trained = {part["intent"] for path in files for part in load(path).get("nlu") or [] if "intent" in part}
    assert trained == set(names(domain["intents"]))


def test_stories_follow_the_rules(rules):
    for path in sorted((ROOT / "data/stories").glob("*.yml")):
        for story in load(path)["stories"]:
            steps = [next(iter(step.values())) for step in story["steps"]]
            assert [rules[intent] for intent in steps[::2]] == steps[1::2], f"{path.name}: {story['story']}"
