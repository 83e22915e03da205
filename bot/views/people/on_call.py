"""Who is on call now and next, with their local time; and whom an incident of a service reaches when."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from bot.domain.guide import Guide, Service, Team
from bot.domain.on_call import Shift, Source, TierDuty
from bot.domain.path import Path
from bot.domain.severity import Severity
from bot.views.blocks import Block, Message, context, message, section
from bot.views.markup import Markup, bold, inert, link, moment, plain_moment
from bot.views.people.contacts import ChannelId, channel_name
from bot.views.severities import steps_in_words

_TROUBLE = 300
_MOST_NAMES = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Owned:
    """What was asked about: a service, or only its team; and the paths of the severities that page."""

    team: Team
    service: Service | None
    paths: Sequence[tuple[Severity, Path]]


def on_call_message(
    duties: Iterable[TierDuty],
    now: datetime,
    *,
    guide: Guide,
    channel_id: ChannelId,
    owned: Owned | None = None,
) -> Message:
    """Who is on call for these tiers. Nobody is notified by it."""
    zone, told = guide.organization.zone, tuple(duties)
    blocks = [section(Markup("\n".join(_tier(duty, now, zone)))) for duty in told]
    if owned is not None:
        blocks = [section(_owner(owned, guide, channel_id)), *blocks, *_paths(owned)]
    how = Markup("To page somebody: `/page team-lead why`.")
    return message(Markup("; ".join(_spoken(duty) for duty in told)), [*blocks, context(how)])


def now_on_call(duty: TierDuty, now: datetime) -> Markup:
    """Who would be paged now, in one line."""
    if duty.source is Source.PAGERDUTY and not duty.now:
        return Markup("⚠️ PagerDuty has nobody on call there: a page reaches nobody.")
    if not duty.now:
        return Markup("Who that is now is not known.")
    if duty.source is Source.GUIDE:
        return Markup(f"By the guide that is one of: {_names(duty.now)}")
    there = ", ".join(f"{bold(inert(one.who.name))}{_local(one, now)}" for one in duty.now[:_MOST_NAMES])
    return Markup(f"That is {there}")


def _tier(duty: TierDuty, now: datetime, zone: tzinfo) -> Iterable[Markup]:
    yield Markup(f"{bold(inert(duty.title))} `{inert(duty.tier)}`")
    if duty.source is Source.PAGERDUTY:
        yield from (_there(shift, now, zone) for shift in duty.now[:_MOST_NAMES])
        if not duty.now:
            yield Markup("⚠️ PagerDuty has nobody on call here: a page of it reaches nobody.")
        yield from (_coming(shift, zone) for shift in duty.next[:_MOST_NAMES])
    elif duty.source is Source.GUIDE:
        yield Markup(f"By the guide, one of: {_names(duty.now)}")
    else:
        yield Markup("Not known: the guide names nobody for it, and PagerDuty cannot be asked.")
    if duty.as_of is not None:
        yield Markup(f"_as of {moment(duty.as_of, zone, day=now)}, PagerDuty cannot be asked:_")
    if duty.trouble is not None:
        yield inert(duty.trouble, _TROUBLE)


def _there(shift: Shift, now: datetime, zone: tzinfo) -> Markup:
    until = Markup(f" until {moment(shift.ends, zone)}") if shift.ends else Markup("")
    return Markup(f"Now: {bold(inert(shift.who.name))}{until}{_local(shift, now)}")


def _coming(shift: Shift, zone: tzinfo) -> Markup:
    assert shift.starts is not None, "who comes next begins at some time"
    return Markup(f"Next: {inert(shift.who.name)} from {moment(shift.starts, zone)}")


def _local(shift: Shift, now: datetime) -> Markup:
    """What time it is where they are."""
    if shift.zone is None:
        return Markup("")
    return Markup(f" · {plain_moment(now, shift.zone, day=now)} where they are")


def _spoken(duty: TierDuty) -> Markup:
    who = _names(duty.now) if duty.now else Markup("nobody is known")
    return Markup(f"{inert(duty.title)}: {who}")


def _names(shifts: Sequence[Shift]) -> Markup:
    names = [inert(shift.who.name) for shift in shifts[:_MOST_NAMES]]
    left = len(shifts) - len(names)
    return Markup(", ".join([*names, *([f"+{left} more"] if left > 0 else [])]))


def _owner(owned: Owned, guide: Guide, channel_id: ChannelId) -> Markup:
    team, service = owned.team, owned.service
    facts = [f"{inert(team.title)} in {channel_name(team.channel, guide, channel_id)}"]
    if service is None:
        return Markup(f"{bold(inert(team.title))}: {facts[0]}")
    runbook = guide.runbooks.get(service.runbook)
    if runbook is not None:
        facts.append(f"runbook {link(runbook.url, runbook.title)}")
    return Markup(f"{bold(inert(service.title))}: {' · '.join(facts)}")


def _paths(owned: Owned) -> Iterable[Block]:
    lines = [_path(severity, path) for severity, path in owned.paths]
    return [context(Markup("\n".join(lines)))] if lines else []


def _path(severity: Severity, path: Path) -> Markup:
    """`P0: On-call Engineer at once, Team Lead after 15 min, Director after 30 min`."""
    steps = steps_in_words((rung.title for rung in path.rungs), path.response)
    return Markup(f"{severity.value}: {steps}")
