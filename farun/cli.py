"""The `farun` command: one sub-command a thing that people do with farun; each exits non-zero on failure and says why."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlalchemy.engine import Engine

    from base.settings import Settings

ROLES = ("adviser", "editor", "manager", "admin")
BENCHES = ("throughput", "answer", "startup", "growth", "knowledge", "understanding")


class Problem(Exception):
    """Something the person at the shell can mend; its text says what went wrong and what to do."""


def _settings() -> Settings:
    from base.logs import configure
    from base.privacy import use_key
    from base.settings import Settings

    settings = Settings.load()
    use_key(settings.secret_key)
    configure(settings)
    return settings


def _engine(settings: Settings) -> Engine:
    from base.database import make_engine

    return make_engine(settings.database_url)


def up(args: argparse.Namespace) -> int:
    from farun.supervise import up as run

    return run(_settings(), args.port)


def web(args: argparse.Namespace) -> int:
    from farun.web import run

    run(_settings(), port=args.port)
    return 0


def worker(args: argparse.Namespace) -> int:
    from farun.supervise import worker as run

    return run(_settings())


def migrate(args: argparse.Namespace) -> int:
    from migrations import upgrade

    upgrade(_engine(_settings()))
    print("The database is up to date.")
    return 0


def train(args: argparse.Namespace) -> int:
    from bot.train import train as run

    print(f"The model is at {run(_settings(), force=args.force)}")
    return 0


def ask(args: argparse.Namespace) -> int:
    from farun.ask import Asker

    asker = Asker(_settings(), on=args.on)
    if args.batch:
        return asker.batch(args.batch, args.out)
    if not args.text:
        raise Problem("Nothing to ask: give a TEXT or --batch FILE.")
    print(json.dumps(asker.answer({"id": None, "text": args.text}), ensure_ascii=False, indent=2))
    return 0


def evaluate(args: argparse.Namespace) -> int:
    if args.what == "data":
        return _evaluate_data(args)
    from farun.ask import Asker

    if args.file is None:
        raise Problem(f"Give the labelled rows: farun evaluate {args.what} FILE")
    if not args.file.exists():
        raise Problem(f"{args.file} does not exist.")
    if args.what == "cases":
        from evaluation.cases import run as run_cases

        ask = Asker(_settings()).worded if args.worded else None
        result = run_cases(args.file, worded=args.worded, ask=ask, quiet=args.json)
    elif args.what == "ablation":
        from evaluation import ablation

        variants = ablation.run(args.file)
        result = {"variants": variants}
        if not args.json:
            print(ablation.table(variants))
    elif args.baseline:
        from evaluation import baselines

        result = baselines.run(args.file, args.baseline, args.epochs)
        if not args.json:
            print(baselines.table(result))
    else:
        from evaluation.questions import run as run_questions

        result = run_questions(args.file, Asker(_settings()).understood, json=args.json)
    if args.record:
        from evaluation import record

        what = [args.what, args.file.stem, *filter(None, [args.baseline, "worded" if args.worded else None])]
        print(f"kept in {record.keep('-'.join(what), result)}", file=sys.stderr)
    if args.json:
        print(json.dumps(result, ensure_ascii=False, default=str))
    return 0


def _evaluate_data(args: argparse.Namespace) -> int:
    from evaluation import crossvalidation
    from evaluation.lines import NLU
    from evaluation.text import run

    try:
        result = run(args.file or NLU, args.out, json_only=args.json)
        why = crossvalidation.fallen(result) if args.check else None
    except ValueError as error:
        raise Problem(str(error)) from error
    if args.json:
        print(json.dumps(result, ensure_ascii=False))
    if why:
        raise Problem(why)
    if args.accept:
        crossvalidation.accept(result)
    return 0


def kb(args: argparse.Namespace) -> int:
    from knowledge.release import CONTENT

    path = args.path or CONTENT
    if args.what == "check":
        return _kb_check(path)
    if args.file is None:
        raise Problem(f"Give the spreadsheet: farun kb {args.what} FILE.xlsx")
    return _kb_export(args.file, path) if args.what == "export" else _kb_import(args.file, path, args.into)


def _kb_check(path: Path) -> int:
    from bot.components import details
    from knowledge.check import examine
    from knowledge.release import load, unconfirmed

    found = examine(path)
    for warning in found.warnings:
        print(f"warning: {warning}")
    for error in found.errors[: found.unreadable]:
        print(error, file=sys.stderr)
    if 0 < found.unreadable < len(found.errors):
        print("（上面的文件读不了，里面的内容就都没有了；下面的错可能由此而来，先改上面的。）", file=sys.stderr)
    for error in found.errors[found.unreadable :]:
        print(error, file=sys.stderr)
    if found.errors:
        raise Problem(f"{len(found.errors)} error(s) in the knowledge base; nothing was published.")
    base = load(path)
    wrong = details.faults(base.facts) if base.bases else []  # a folder without rules is a part of a knowledge base
    for fault in wrong:
        print(f"bot/lexicon/facts/details/{fault} → 照同一个文件里别的规则改；事实的名字见 facts.yml", file=sys.stderr)
    if wrong:
        raise Problem(f"{len(wrong)} error(s) in the words that state facts; nobody would get an answer.")
    print(
        f"{base.id}: {len(base.parameters)} parameters, {len(base.articles)} articles, {len(base.entries)} entries;"
        f" {len(unconfirmed(base))} values to be confirmed by staff."
    )
    return 0


def _kb_export(file: Path, path: Path) -> int:
    from knowledge.sheet import export

    if file.suffix != ".xlsx":
        raise Problem(f"{file} must end in .xlsx")
    print(f"{file}: {export(file, path)} rows")
    return 0


def _kb_import(file: Path, path: Path, into: Path | None) -> int:
    from knowledge.sheet import read_back

    report = read_back(file, path, into)
    for error in report.errors:
        print(error, file=sys.stderr)
    if report.errors:
        raise Problem(f"{len(report.errors)} error(s) in {file.name}; nothing was written.")
    for note in report.kept:
        print(f"note: {note}")
    for name, things in report.changed.items():
        print(f"{name}: {len(things)} changed ({', '.join(things[:5])}{', …' if len(things) > 5 else ''})")
    if not report.changed:
        print("Nothing differs; nothing was changed.")
    return 0


def user(args: argparse.Namespace) -> int:
    from base.database import transaction
    from casework import accounts

    settings = _settings()
    with transaction(_engine(settings)) as conn:
        account = accounts.create(conn, args.name, args.role)
        token = accounts.invite(conn, account)
    print(f"{args.name} ({args.role}) sets a password, once, at {settings.public_url}/invite/{token}")
    return 0


def doctor(args: argparse.Namespace) -> int:
    from farun.doctor import examine

    return examine(_settings())


def bench(args: argparse.Namespace) -> int:
    from importlib import import_module

    for name in BENCHES if args.name == "all" else (args.name,):
        result = import_module(f"evaluation.bench.{name}").run(_settings())
        print(json.dumps(result, ensure_ascii=False, default=str), flush=True)
    return 0


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text} is no date; write YYYY-MM-DD") from None


def parser() -> argparse.ArgumentParser:
    """All sub-commands with their options; `run` holds the function to call."""
    top = argparse.ArgumentParser(prog="farun", description="法润: the assistant, its parts and its checks")
    commands = top.add_subparsers(dest="command", required=True)

    def add(name: str, run: Callable[[argparse.Namespace], int], text: str) -> argparse.ArgumentParser:
        made = commands.add_parser(name, help=text, description=text)
        made.set_defaults(run=run)
        return made

    add("up", up, "web and worker together, on the embedded default").add_argument("--port", type=int)
    add("web", web, "the pages and channels").add_argument("--port", type=int)
    add("worker", worker, "the dispatcher with the assistant inside")
    add("migrate", migrate, "bring the database to the current schema")
    add("train", train, "train the model if anything it stands on changed").add_argument("--force", action="store_true")
    one = add("ask", ask, "understand and answer a text, touching no database")
    one.add_argument("text", nargs="?")
    one.add_argument("--batch", type=Path, metavar="IN.jsonl", help="rows {id, text[, context]}")
    one.add_argument(
        "--out", type=Path, metavar="OUT.jsonl", help="one answer object a line (default: standard output)"
    )
    one.add_argument("--on", type=_day, metavar="DATE", help="what counts as today")
    measure = add("evaluate", evaluate, "figures on labelled questions, hand-computed cases or training text")
    measure.add_argument("what", choices=("questions", "cases", "data", "ablation"))
    measure.add_argument("file", nargs="?", type=Path, help="rows; for data a folder (default: data/nlu)")
    measure.add_argument("--json", action="store_true")
    measure.add_argument(
        "--worded", action="store_true", help="cases: ask question_zh instead of computing from inputs"
    )
    measure.add_argument("--baseline", choices=("logistic", "diet"), help="questions: stock Rasa on the same text")
    measure.add_argument("--epochs", type=int, default=100, help="questions --baseline diet")
    measure.add_argument("--record", action="store_true", help="keep the figures in evaluation/results/")
    measure.add_argument("--out", type=Path, metavar="OUT.jsonl", help="data: the lines with a doubtful label")
    measure.add_argument("--check", action="store_true", help="data: fail when macro-F1 fell against the accepted one")
    measure.add_argument("--accept", action="store_true", help="data: keep these figures for later --check")
    base = add("kb", kb, "the knowledge base from the shell")
    base.add_argument("what", choices=("check", "export", "import"))
    base.add_argument("file", nargs="?", type=Path, metavar="FILE.xlsx", help="the spreadsheet (export, import)")
    base.add_argument("--path", type=Path, help="another content folder")
    base.add_argument("--into", type=Path, metavar="DIR", help="import: write the content to this folder")
    person = add("user", user, "accounts")
    person.add_argument("what", choices=("add",))
    person.add_argument("name")
    person.add_argument("--role", choices=ROLES, required=True)
    add("doctor", doctor, "check settings, services, model and knowledge base")
    timing = add("bench", bench, "measure; prints one JSON object")
    timing.add_argument("name", choices=("all", *BENCHES))
    timing.add_argument("--json", action="store_true", help="(always JSON)")
    return top


def main(argv: list[str] | None = None) -> None:
    """Run one sub-command; a known problem is one line on standard error and exit code 1."""
    from base.settings import SettingsError

    args = parser().parse_args(argv)
    try:
        code = args.run(args)
    except (Problem, SettingsError) as problem:
        print(f"farun: {problem}", file=sys.stderr)
        code = 1
    except KeyboardInterrupt:
        code = 130
    sys.exit(code)
