"""`farun doctor`: looks at settings, database, model and knowledge base, and says of each what is wrong and what to do."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable, Iterator

import sqlalchemy as sa

from base.database import make_engine
from base.settings import Settings

Finding = tuple[str, bool, str]


def examine(settings: Settings) -> int:
    """Print one line a finding; 0 when everything is well."""
    findings = list(_findings(settings))
    for name, well, text in findings:
        print(f"{'ok ' if well else 'BAD'} {name}: {text}")
    return 0 if all(well for _, well, _ in findings) else 1


def _findings(settings: Settings) -> Iterator[Finding]:
    yield "python", sys.version_info[:2] == (3, 10), sys.version.split()[0]
    free = shutil.disk_usage(settings.data_dir).free // 2**20
    yield "disk", free > 500, f"{free} MB free in {settings.data_dir}"
    for name, look in (("database", _database), ("knowledge base", _knowledge), ("model", _model)):
        yield _try(name, look, settings)


def _try(name: str, look: Callable[[Settings], tuple[bool, str]], settings: Settings) -> Finding:
    try:
        well, text = look(settings)
    except Exception as error:
        return name, False, f"{type(error).__name__}: {error}"
    return name, well, text


def _database(settings: Settings) -> tuple[bool, str]:
    from migrations import current, head

    engine = make_engine(settings.database_url)
    with engine.connect() as conn:
        conn.execute(sa.text("SELECT 1"))
    is_at, wanted = current(engine), head()
    kind = engine.dialect.name
    if is_at != wanted:
        return False, f"{kind} is at {is_at or 'nothing'}, the code wants {wanted}: run `farun migrate`"
    return True, f"{kind}, schema {is_at}"


def _knowledge(settings: Settings) -> tuple[bool, str]:
    from knowledge.release import load

    kb = load()
    return True, f"{kb.id}, {len(kb.entries)} entries, {len(kb.articles)} articles"


def _model(settings: Settings) -> tuple[bool, str]:
    from bot.train import fresh

    if fresh(settings):
        return True, f"fresh, in {settings.model_dir}"
    return False, "missing or older than what it stands on: run `farun train`"
