"""The `opsbot` command. A subcommand's parts are imported when it runs."""

from __future__ import annotations

import argparse
import asyncio
import gc
import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

FAILED = 1
BAD_CONFIGURATION = 2
READER_GONE = 141  # as a shell shows a filter that SIGPIPE has ended


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one subcommand; returns the exit code."""
    options = _parser().parse_args(arguments)
    code: int = options.run(options)
    return code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="opsbot", description="An operations guide, running in Slack.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    serve = commands.add_parser("serve", help="run the bot")
    serve.add_argument(
        "--role",
        choices=("all", "web", "worker"),
        default="all",
        help="web answers Slack, worker sends and escalates (PostgreSQL only); all does both",
    )
    serve.set_defaults(run=_serve)

    sandbox = commands.add_parser("sandbox", help="the bot and its stand-ins on this machine, with a page")
    sandbox.add_argument("--port", type=int, default=8300, help="the page's port (8300, or a free one)")
    sandbox.add_argument(
        "--data", type=Path, metavar="DIR", help="keep all there, and go on from there (a temporary folder)"
    )
    sandbox.set_defaults(run=_sandbox)

    migrate = commands.add_parser("migrate", help="bring the database to this version's schema")
    migrate.set_defaults(run=_migrate)

    _add_audit(
        commands.add_parser("audit", help="print what was done, by whom and when", epilog=_AUDIT_NOTES)
    )

    _add_gate(
        commands.add_parser("gate", help="whether a service may be changed now, for CI", epilog=_GATE_NOTES)
    )

    guide = commands.add_parser("guide", help="check or show the operations guide")
    parts = guide.add_subparsers(required=True, metavar="PART")
    lint = parts.add_parser("lint", help="check a guide; exit 1 on an error")
    lint.add_argument("file", nargs="?", type=Path, help="the guide (OPSBOT_GUIDE, or the shipped one)")
    lint.set_defaults(run=_guide_lint)
    show = parts.add_parser("show", help="the guide as tables")
    show.add_argument("file", nargs="?", type=Path, help="the guide (OPSBOT_GUIDE, or the shipped one)")
    show.set_defaults(run=_guide_show)
    rules = parts.add_parser("rules", help="Prometheus' recording and alert rules of the guide's objectives")
    rules.add_argument("file", nargs="?", type=Path, help="the guide (OPSBOT_GUIDE, or the shipped one)")
    rules.set_defaults(run=_guide_rules)
    return parser


_GATE_NOTES = (
    "Asks the bot at OPSBOT_HOST and OPSBOT_PORT, or at --url, with OPSBOT_GATE_TOKEN, and prints the "
    "verdict with every reason. Exit codes: 0 it may be changed, 1 it may not, 2 nobody knows, or the bot "
    "could not be asked."
)


def _add_gate(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("service", metavar="SERVICE", nargs="?", help="a service of the guide, or platform")
    parser.add_argument("--type", dest="kind", metavar="T", help="the type of change (the guide's first)")
    parser.add_argument("--change", metavar="CH12", help="a change, instead of a service and a type")
    parser.add_argument(
        "--require-change", action="store_true", help="no change stands for one that is not named: denied"
    )
    parser.add_argument("--url", help="where the bot is, as https://opsbot.example.com")
    parser.add_argument("--json", action="store_true", help="print the answer as it came")
    parser.set_defaults(run=_gate)


_AUDIT_NOTES = (
    "Reads the database of DATABASE_URL while the bot runs, and holds nothing up. Times are UTC. Security "
    "ones are printed whole; --redact leaves out who did what in them. Exit codes: 0 done "
    "(there may be nothing to print), 1 the database cannot be read or has no such one, 2 wrong "
    "arguments."
)


_KINDS = ("incident", "alert", "page", "change", "span")


def _add_audit(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--since", metavar="TIME", help="30d (so long ago: m, h, d, w), 2026-03-01, …T12:00")
    parser.add_argument("--until", metavar="TIME", help="before that time; the same forms")
    one = parser.add_mutually_exclusive_group()
    one.add_argument("--incident", type=int, metavar="NUMBER", help="one incident's history")
    one.add_argument("--alert", type=_numbered("A"), metavar="A12", help="one alert group's history")
    one.add_argument(
        "--run", dest="of_run", type=_numbered("C"), metavar="C12", help="one checklist run's history"
    )
    one.add_argument("--page", type=_numbered("PG"), metavar="PG3", help="one call of `/page`")
    one.add_argument("--change", type=_numbered("CH"), metavar="CH12", help="one change's history")
    one.add_argument(
        "--span", type=_numbered("W", "F"), metavar="F4", help="one window's or freeze's on the calendar"
    )
    parser.add_argument("--actor", metavar="WHO", help="what one person did: Slack's id, or the name")
    parser.add_argument(
        "--format", choices=("text", "json", "csv"), default="text", help="json: an object a line"
    )
    parser.add_argument(
        "--redact", action="store_true", help="for outsiders: what is about security without its contents"
    )
    parser.set_defaults(run=_audit)


def _numbered(*letters: str) -> Callable[[str], int]:
    """Reads `A12`, `a12`, or `12`."""

    def number(word: str) -> int:
        begins = (one for one in letters if word.upper().startswith(one))
        return int(word.upper().removeprefix(next(begins, "")))

    return number


def _audit(options: argparse.Namespace) -> int:
    from bot.app import StartError
    from bot.app.auditing import AuditAsked, audit, now
    from bot.domain.audit import BEGINNING, END, Period, read_instant
    from bot.domain.errors import InvalidError
    from bot.environment import SettingsError
    from bot.settings import read_database_url

    try:
        url = read_database_url().get_secret_value()
        since = read_instant(options.since, now()) if options.since else BEGINNING
        until = read_instant(options.until, now()) if options.until else END
    except (SettingsError, InvalidError) as error:
        return _refuse(str(error))
    asked = AuditAsked(
        period=Period(since=since, until=until),
        of=_of(options),
        actor=options.actor,
        format=options.format,
        redact=options.redact,
    )
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a terminal that cannot show a name still gets a line
    try:
        asyncio.run(audit(url, asked, sys.stdout))
        sys.stdout.flush()
    except StartError as error:
        _refuse(str(error))
        return FAILED
    except BrokenPipeError:  # whoever reads has seen enough, as with `| head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return READER_GONE
    return 0


def _of(options: argparse.Namespace) -> tuple[str, int] | None:
    """The one subject that was asked for: argparse lets no two be."""
    kinds = {"run": options.of_run, **{kind: getattr(options, kind) for kind in _KINDS}}
    return next(((kind, number) for kind, number in kinds.items() if number is not None), None)


def _gate(options: argparse.Namespace) -> int:
    from bot.gate_command import run

    return run(options)


def _serve(options: argparse.Namespace) -> int:
    # What is imported stays: to look through it for garbage, again and again while it grows, takes a fifth
    # of the start. `bot.app.serve` switches the collector on once everything stands.
    gc.disable()
    from bot.environment import SettingsError
    from bot.settings import read_settings

    try:
        settings = read_settings()
    except SettingsError as error:
        return _refuse(str(error))
    from bot.app import StartError, serve

    try:
        return asyncio.run(serve(settings, role=options.role))
    except StartError as error:
        return _refuse(str(error))


def _migrate(_options: argparse.Namespace) -> int:
    from bot.environment import SettingsError
    from bot.settings import read_database_url

    try:
        url = read_database_url()
    except SettingsError as error:
        return _refuse(str(error))
    from bot.app import StartError, migrate

    try:
        print(migrate(url.get_secret_value()))
    except StartError as error:
        return _refuse(str(error))
    return 0


def _sandbox(options: argparse.Namespace) -> int:
    from bot.sandbox.command import run

    return run(port=options.port, data=options.data)


def _guide_lint(options: argparse.Namespace) -> int:
    from bot.guide.commands import lint_command

    return lint_command(options.file or _guide_of_environment(), sys.stdout)


def _guide_show(options: argparse.Namespace) -> int:
    from bot.guide.commands import show_command

    return show_command(options.file or _guide_of_environment(), sys.stdout)


def _guide_rules(options: argparse.Namespace) -> int:
    from bot.guide.commands import rules_command

    return rules_command(options.file or _guide_of_environment(), sys.stdout, sys.stderr)


def _guide_of_environment() -> Path | None:
    from bot.settings import read_guide_path

    return read_guide_path()


def _refuse(text: str) -> int:
    for line in text.splitlines():
        print(f"opsbot: {line}", file=sys.stderr)
    return BAD_CONFIGURATION


if __name__ == "__main__":
    sys.exit(main())
