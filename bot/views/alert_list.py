"""What is firing, for the one who asks: by severity, then service, then age."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta, tzinfo

from bot.domain.alert import AlertGroup, AlertState, Silence, SilenceState
from bot.domain.alert_listing import AlertListing, Listed, SignOfLife, SilenceList, StormDetails
from bot.domain.text import duration
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.markup import Markup, bold, inert, length, link, moment
from bot.views.status import name

FLAPPING = 3
"""How often a group must have fired again soon after it was resolved to be named so."""

_TITLE = 110
_NAME = 60
_ROOM = 8400
_BLOCK = 2900
_NAMED = 10


def alert_list(listing: AlertListing, *, zone: tzinfo, flapping: int = FLAPPING) -> Message:
    """All that fires. What is acknowledged or silenced stands apart, and a storm for its members."""
    title = _title(listing)
    if not (listing.count or listing.storms):
        nothing = Markup(f"{inert(title)}.{_hidden(listing.hidden, other=True)}")
        return message(nothing, [section(nothing), *_small_print(listing)])
    pages = _Pages(listing, zone, flapping)
    top = [one for group in listing.waiting.values() for one in group]
    names = "; ".join(f"{one.group.label} {one.group.title}" for one in top[:_NAMED])
    return message(
        Markup(f"{inert(title)}{': ' if names else ''}{inert(names, 2000) if names else ''}"),
        [header(title), *pages.blocks(), *_small_print(listing)],
    )


def storm_details(shown: StormDetails, *, zone: tzinfo, flapping: int = FLAPPING) -> Message:
    """A storm's members, as many as a message takes."""
    group = shown.storm.group
    count = len(shown.members)
    title = f"{group.label}: a storm of {count} alert{'s' if count != 1 else ''}"
    lines = [_line(one, shown.now, zone, flapping, severity=True) for one in shown.members]
    blocks = packed(None, lines, _ROOM)
    state = section(Markup(alert_state(shown.storm.group, shown.now, zone)))
    return message(inert(title), [header(title), state, *blocks])


def silence_list(shown: SilenceList, *, zone: tzinfo) -> Message:
    """What is kept quiet, by whom, why, and until when."""
    hidden = _hidden_silences(shown.hidden)
    if not shown.silences:
        nothing = Markup(f"No {'other ' if shown.hidden else ''}alert is silenced.{hidden}")
        return message(nothing, [section(nothing)])
    count = len(shown.silences)
    title = f"{count} silence{'s' if count > 1 else ''}"
    lines = [_silence_line(silence, listed, shown.now, zone) for silence, listed in shown.silences]
    small = context(Markup(f"`/alerts unsilence A12` ends one.{hidden}"))
    return message(Markup(title), [header(title), *packed(None, lines, _ROOM), small])


def packed(title: Markup | None, lines: Sequence[Markup], room: int) -> list[Block]:
    """Lines in as few paragraphs as can be, within `room` characters; how many more there are is said."""
    paragraphs: list[list[Markup]] = [[bold(title)] if title else []]
    used = length(title or "")
    for number, line in enumerate(lines):
        used += length(line) + 1
        if used > room - 20:
            paragraphs[-1].append(Markup(f"and {len(lines) - number} more"))
            break
        if sum(length(one) + 1 for one in paragraphs[-1]) + length(line) > _BLOCK:
            paragraphs.append([])
        paragraphs[-1].append(line)
    return [section(Markup("\n".join(paragraph))) for paragraph in paragraphs if paragraph]


class _Pages:
    """The parts of a list, the most urgent first. Each may take what the ones before it have left."""

    def __init__(self, listing: AlertListing, zone: tzinfo, flapping: int) -> None:
        self._listing = listing
        self._zone = zone
        self._flapping = flapping

    def blocks(self) -> Iterator[Block]:
        parts = [(title, lines) for title, lines in self._parts() if lines]
        room = _ROOM
        for position, (title, lines) in enumerate(parts):
            # What comes later is to be seen, too: a part leaves each of them its heading and two lines.
            mine = room - 500 * (len(parts) - position - 1)
            blocks = packed(title, lines, mine)
            room -= sum(length(block["text"]["text"]) for block in blocks)
            yield from blocks

    def _parts(self) -> Iterator[tuple[Markup, list[Markup]]]:
        listing = self._listing
        for severity, waiting in listing.waiting.items():
            yield Markup(f"🔴 {severity}, not acknowledged ({len(waiting)})"), self._lines(waiting)
        yield Markup(f"🌩️ Storms ({len(listing.storms)})"), self._lines(listing.storms, severity=True)
        taken = self._lines(listing.acknowledged, severity=True)
        yield Markup(f"👀 Acknowledged ({len(taken)})"), taken
        quiet = self._lines(listing.silenced, severity=True)
        yield Markup(f"🔕 Silenced ({len(quiet)})"), quiet

    def _lines(self, listed: Iterable[Listed], *, severity: bool = False) -> list[Markup]:
        now = self._listing.now
        return [_line(one, now, self._zone, self._flapping, severity=severity) for one in listed]


def alert_name(one: Listed, *, severity: bool = False) -> Markup:
    """A group's number, which leads to its card, and title."""
    group = one.group
    grade = f"{group.severity} " if severity else ""
    return Markup(f"{grade}{link(one.url, group.label)} {inert(group.title, _TITLE)}")


def _line(one: Listed, now: datetime, zone: tzinfo, flapping: int, *, severity: bool) -> Markup:
    group = one.group
    facts = [inert(one.service, _NAME)] if one.service else []
    facts.append(inert(f"for {duration(max(now - group.started_at, timedelta()))}"))
    facts.append(Markup(_counts(group)))
    if group.flaps >= flapping:
        facts.append(Markup("flapping"))
    if group.state is not AlertState.FIRING:
        facts.append(Markup(_who(group, now, zone)))
    return Markup(f"{alert_name(one, severity=severity)}\n      {' · '.join(facts)}")


def _counts(group: AlertGroup) -> str:
    resolved = f", {group.resolved} resolved" if group.resolved else ""
    return f"{group.firing + group.truncated} firing{resolved}"


def _who(group: AlertGroup, now: datetime, zone: tzinfo) -> str:
    if group.state is AlertState.ACKNOWLEDGED:
        at = f", {moment(group.acknowledged_at, zone, day=now)}" if group.acknowledged_at else ""
        return f"by {name(group.acknowledged_by)}{at}"
    until = f"until {moment(group.silenced_until, zone, day=now)}" if group.silenced_until else ""
    return f"by {name(group.silenced_by)} {until}" if group.silenced_by else until


def alert_state(group: AlertGroup, now: datetime, zone: tzinfo) -> str:
    """How things stand, in markup: the emoji, its word, and whose doing it is."""
    words = {
        AlertState.FIRING: "🔴 Firing, not acknowledged",
        AlertState.ACKNOWLEDGED: "👀 Acknowledged",
        AlertState.SILENCED: "🔕 Silenced",
        AlertState.RESOLVED: "✅ Resolved",
    }
    who = f" {_who(group, now, zone)}" if group.state in _BY_SOMEBODY else ""
    return f"{words[group.state]}{who}"


_BY_SOMEBODY = frozenset({AlertState.ACKNOWLEDGED, AlertState.SILENCED})


def _silence_line(silence: Silence, listed: Listed, now: datetime, zone: tzinfo) -> Markup:
    return Markup(f"{alert_name(listed, severity=True)}\n      {silence_facts(silence, now, zone)}")


def silence_facts(silence: Silence, now: datetime, zone: tzinfo) -> str:
    """Until when, by whom and why, in markup."""
    state = _STATES.get(silence.state, "")
    where = ", made in Alertmanager" if silence.foreign else ""
    why = f": {inert(silence.comment, _TITLE)}" if silence.comment else ""
    return f"until {moment(silence.ends_at, zone, day=now)}, by {name(silence.by)}{where}{state}{why}"


_STATES = {
    SilenceState.WANTED: " (Alertmanager does not have it yet)",
    SilenceState.ENDING: " (being ended)",
    SilenceState.OVER: " (over)",
    SilenceState.FAILED: " (refused by Alertmanager)",
}


def _title(listing: AlertListing) -> str:
    what = " ".join(
        word
        for word in (
            listing.asked.severity.value if listing.asked.severity else "",
            f"of {listing.asked.service}" if listing.asked.service else "",
        )
        if word
    )
    count = listing.count
    about = f" ({what})" if what else ""
    if not count and not listing.storms:
        return f"No {'other ' if listing.hidden else ''}alert is firing{about}"
    more = "more than " if listing.cut else ""
    return f"{more}{count} alert{'s' if count != 1 else ''} firing{about}"


def _small_print(listing: AlertListing) -> Iterator[Block]:
    told = []
    if listing.members:
        told.append(
            Markup(f"In storms: {listing.members} of them. `/alerts storm` lists what one stands for.")
        )
    if listing.count and listing.hidden:
        told.append(Markup(_hidden(listing.hidden, other=False).strip()))
    if listing.heard is not None:
        told.append(_heard(listing.heard, listing.now))
    if told:
        yield context(*told)


def _heard(heard: SignOfLife, now: datetime) -> Markup:
    ago = duration(max(now - heard.at, timedelta()))
    if heard.overdue:
        return Markup(f"⚠️ {bold(Markup(f'No sign of life from Alertmanager for {ago}'))}: this may be old.")
    return Markup(f"Alertmanager's last sign of life: {ago} ago.")


def _hidden(count: int, *, other: bool) -> str:
    if not count:
        return ""
    if count == 1:
        return f" 1 security alert is{'' if other else ' also'} firing; its channel shows it."
    return f" {count} security alerts are{'' if other else ' also'} firing; their channel shows them."


def _hidden_silences(count: int) -> str:
    if not count:
        return ""
    return f" {count} silence{'s' if count > 1 else ''} of security alerts: their channel shows them."
