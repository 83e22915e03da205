"""Runs the bot until it is told to stop, and lets what has begun finish."""

from __future__ import annotations

import asyncio
import gc
import logging
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, suppress
from functools import partial

from aiohttp import web

from bot import logs
from bot.adapters.clock import WallClock
from bot.adapters.slack.people import SlackGroups
from bot.adapters.slack.workspace import SlackWorkspace
from bot.app.opening import StartError, opened, read_guide
from bot.app.wiring import Opsbot
from bot.domain.checklist import Whose
from bot.domain.directory import test_key
from bot.domain.guide import Guide, ReachKind
from bot.environment import hook_variable_of, variable_of
from bot.ports.clock import Clock
from bot.ports.probe import Probe, no_probe
from bot.ports.store import StoreUnavailable
from bot.settings import Settings, guessable, secrets_of
from scheduler.guarded import guarded
from scheduler.jobs import Jobs
from storage.open import migrate as migrate_store
from storage.refusal import StoreRefused

FINISH_SECONDS = 8.0
"""How long what has begun may take to finish once the bot is told to stop."""

PAUSE_SECONDS = 1.0
MEND_SECONDS = 30.0
GROUPS_SECONDS = 300.0
HOUR_SECONDS = 3600.0

_CHANGING = (SlackWorkspace.name, SlackGroups.name)
"""What decides who may read and do what: looked at more often than people's names."""

Named = tuple[str, Callable[[], Awaitable[None]]]

_log = logging.getLogger("opsbot")


async def serve(
    settings: Settings, *, role: str = "all", clock: Clock | None = None, probe: Probe = no_probe
) -> int:
    """Run the bot until SIGTERM or SIGINT; returns the exit code. Raises StartError."""
    logs.configure(secrets=secrets_of(settings))
    if role != "all" and settings.database_url.get_secret_value().startswith("sqlite"):
        raise StartError(f"--role {role} needs PostgreSQL: an SQLite file has one process. Use --role all.")
    guide = read_guide(settings)
    stop = asyncio.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with opened(settings, guide=guide, clock=clock or WallClock(), probe=probe) as opsbot:
        for note in (*opsbot.store.notes, *_notes(settings, guide), *guessable(settings)):
            _log.warning("%s", note)
        gc.freeze()  # what was imported and wired stays to the end, and need not be looked through
        gc.enable()
        await _run(opsbot, settings, role, stop)
    _log.info("stopped")
    return 0


def migrate(url: str) -> str:
    """Bring the database to this version's schema; a line that says what was done. Raises StartError."""
    try:
        changed = asyncio.run(migrate_store(url))
    except (StoreRefused, StoreUnavailable, ValueError) as error:
        raise StartError(str(error)) from error
    return (
        "The database is brought to this version's schema." if changed else "Nothing to do: it is up to date."
    )


async def _run(opsbot: Opsbot, settings: Settings, role: str, stop: asyncio.Event) -> None:
    """Open the port, run loops and jobs until `stop`, then stop claiming and let sends finish."""
    await opsbot.watch.recall()
    jobs = Jobs()
    async with _listening(opsbot, settings), asyncio.TaskGroup() as group:
        watching = [group.create_task(_kept(work, stop, name)) for name, work in _watching(opsbot)]
        working = [group.create_task(_kept(work, stop, name)) for name, work in _working(opsbot, role)]
        if role != "web":
            for job in opsbot.jobs:
                jobs.every(job.every, job.name, job.do, first=job.first)
            jobs.every(HOUR_SECONDS, "clean up", opsbot.cleaning.clean)
        jobs.every(MEND_SECONDS, "look at Slack again", opsbot.watch.refresh_if_troubled)
        jobs.every(HOUR_SECONDS, "look at Slack", opsbot.watch.refresh)
        jobs.every(
            GROUPS_SECONDS, "look at Slack's channels and groups", partial(opsbot.watch.refresh, *_CHANGING)
        )
        jobs.start()
        await stop.wait()
        _log.info("stopping")
        opsbot.heart.is_stopping = True
        jobs.stop()
        for task in watching:
            task.cancel()
        await _finish(opsbot, working)


def _watching(opsbot: Opsbot) -> Iterator[Named]:
    """What only listens, and may end at any moment."""
    yield "looking at Slack", opsbot.watch.refresh
    yield "listening to the database", opsbot.store.watch


def _working(opsbot: Opsbot, role: str) -> Iterator[Named]:
    """What must finish what it has begun. The web role sends nothing; the worker role is asked nothing."""
    if role == "web":
        yield "beating", partial(_beat, opsbot)
    else:
        yield "the timers' loop", opsbot.timers.run
        for recipient, loop in opsbot.outbox.items():
            yield f"the {recipient}'s outbox loop", loop.run
    if opsbot.socket is not None and role != "worker":
        yield "Socket Mode", opsbot.socket.run


async def _kept(work: Callable[[], Awaitable[None]], stop: asyncio.Event, name: str) -> None:
    """Do `work`; where it fails, which no part should, do it again after a pause."""
    while not await guarded(_done(work), otherwise=False, what=name):
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_SECONDS):
                await stop.wait()
        if stop.is_set():
            return


async def _done(work: Callable[[], Awaitable[None]]) -> bool:
    await work()
    return True


async def _beat(opsbot: Opsbot) -> None:
    """A process without loops is alive while its event loop goes round."""
    while not opsbot.heart.is_stopping:
        opsbot.heart.beat()
        await asyncio.sleep(1)


async def _finish(opsbot: Opsbot, working: list[asyncio.Task[None]]) -> None:
    opsbot.timers.wake.stop()
    for loop in opsbot.outbox.values():
        loop.wake.stop()
    if opsbot.socket is not None:
        await opsbot.socket.close()
    await asyncio.wait(working, timeout=FINISH_SECONDS)
    for task in working:
        task.cancel()


@asynccontextmanager
async def _listening(opsbot: Opsbot, settings: Settings) -> AsyncIterator[None]:
    runner = web.AppRunner(opsbot.web, access_log=None, shutdown_timeout=1.0)
    await runner.setup()
    try:
        site = web.TCPSite(runner, settings.opsbot_host, settings.opsbot_port)
        try:
            await site.start()
        except OSError as error:
            where = f"{settings.opsbot_host}:{settings.opsbot_port}"
            raise StartError(f"OPSBOT_PORT: cannot listen on {where}: {error.strerror}") from error
        _log.info("listening on http://%s:%d", *runner.addresses[0][:2])
        yield
    finally:
        await runner.cleanup()


def _notes(settings: Settings, guide: Guide) -> Iterator[str]:
    """What is off, and what an operator may have meant otherwise."""
    keys = settings.pagerduty_routing_keys
    known_keys = {*guide.tiers, *(test_key(tier) for tier in guide.tiers)}
    for unknown in sorted(set(keys) - known_keys):
        known = ", ".join(variable_of(key) for key in guide.tiers)
        yield f"{variable_of(unknown)} is set, but the guide has no such tier; its variables: {known}"
    for tier in guide.tiers.values():
        if tier.reach is ReachKind.SERVICE and tier.key not in keys:
            yield f"{variable_of(tier.key)} is not set: {tier.title} is mentioned in Slack, and not paged"
        if tier.reach is ReachKind.LEVEL and settings.pagerduty_api_key is None:
            yield f"PAGERDUTY_API_KEY is not set: {tier.title} is mentioned in Slack, and not paged"
    yield from _hook_notes(settings, guide)
    if settings.alertmanager_webhook_token is not None and settings.alertmanager_url is None:
        yield (
            "ALERTMANAGER_URL is not set: alerts cannot be silenced, and what Alertmanager does not tell by "
            "itself is not seen"
        )
    of_on_call = [one.title for one in guide.checklists.values() if one.owner.whose is Whose.ON_CALL]
    if of_on_call and settings.pagerduty_api_key is None:
        yield (
            f"PAGERDUTY_API_KEY is not set: {', '.join(of_on_call)} cannot be given to whoever is on call; "
            f"where the guide has one person alone as {guide.first_tier.title}, they have it"
        )
    if keys and settings.pagerduty_api_key is None and not settings.pagerduty_webhook_secret:
        yield (
            "Neither PAGERDUTY_API_KEY nor PAGERDUTY_WEBHOOK_SECRET is set: acknowledgements made in "
            "PagerDuty are not seen, and pages cannot be confirmed"
        )


def _hook_notes(settings: Settings, guide: Guide) -> Iterator[str]:
    """Webhooks that cannot be asked, and secrets of none."""
    hooks, secrets = guide.changes.webhooks, settings.opsbot_webhook_secrets
    for unknown in sorted(set(secrets) - set(hooks)):
        known = ", ".join(map(hook_variable_of, hooks)) or "none"
        yield f"{hook_variable_of(unknown)} is set, but the guide has no such webhook; its variables: {known}"
    for key in sorted({one.rollback for one in guide.services.values() if one.rollback} - set(secrets)):
        titles = ", ".join(one.title for one in guide.services.values() if one.rollback == key)
        yield f"{hook_variable_of(key)} is not set: changes of {titles} are rolled back by hand"
