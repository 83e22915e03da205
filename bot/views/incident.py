"""An incident's card: the one message that shows it, and the buttons on it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, tzinfo
from urllib.parse import urlsplit

from bot.domain.card import IncidentCard, WorkedRunbook
from bot.domain.errors import InvalidError
from bot.domain.guide import Runbook
from bot.domain.incident import Incident, Status
from bot.domain.postmortem import Duty, DutyState
from bot.domain.slo.note import BudgetNote
from bot.views.alert_links import alerts_on_card
from bot.views.blocks import (
    FIELD_TEXT,
    HEADER_TEXT,
    Block,
    Message,
    actions,
    button,
    confirm,
    context,
    fields,
    header,
    message,
    overflow,
    plain_section,
    section,
)
from bot.views.budget_note import standing, title
from bot.views.change_links import changes_on_card
from bot.views.markup import Markup, inert, joined, length, link, moment
from bot.views.paging import pages_so_far
from bot.views.status import NAME_LIMIT, headline, marked_word, name, public_name, situation, summary, word

ACKNOWLEDGE = "incident.acknowledge"
RESOLVE = "incident.resolve"
REOPEN = "incident.reopen"
MORE = "incident.more"
"""The menu's action id; which of the following was chosen is in the option's value (`decode_choice`)."""
ESCALATE = "incident.escalate"
MITIGATE = "incident.mitigate"
CHANGE_SEVERITY = "incident.severity"
GIVE_ROLES = "incident.roles"
DO_MORE = "incident.others"

BLOCK_ID = "incident.actions"
CHOICES = frozenset({ESCALATE, MITIGATE, CHANGE_SEVERITY, GIVE_ROLES, DO_MORE})
UPDATE_SHOWN = 1000
"""Characters of the latest update that a card shows."""

_LINKS = 5
_BOOK = 80
_HIGHEST_EPOCH = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """Which incident a button is about, and the epoch of the card that it stands on."""

    id: str
    epoch: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """What was chosen in a card's menu."""

    action: str
    target: Target


def encode_target(incident_id: str, epoch: int) -> str:
    """A button's value."""
    return f"{incident_id}:{epoch}"


def decode_target(value: str) -> Target:
    """The inverse of `encode_target`. Raises InvalidError for a value that no card of ours carries."""
    incident_id, _, epoch = value.rpartition(":")
    if not incident_id or not epoch.isascii() or not epoch.isdigit() or len(epoch) > len(str(_HIGHEST_EPOCH)):
        raise InvalidError("That button cannot be read. Use the incident's newest card.")
    return Target(id=incident_id, epoch=int(epoch))


def encode_choice(choice: Choice) -> str:
    """A menu option's value."""
    return f"{choice.action}|{encode_target(choice.target.id, choice.target.epoch)}"


def decode_choice(value: str) -> Choice:
    """The inverse of `encode_choice`. Raises InvalidError for a value that no card of ours carries."""
    action, _, target = value.partition("|")
    if action not in CHOICES:
        raise InvalidError("That choice cannot be read. Use the incident's newest card.")
    return Choice(action=action, target=decode_target(target))


def card(shown: IncidentCard, *, redacted: str | None = None, zone: tzinfo = UTC) -> Message:
    """The card as it is now.

    `redacted` is the reason why a security incident shows nothing but its number, severity and state
    here. `zone` is the guide's, for times where Slack cannot show the reader's own.
    """
    if redacted is not None:
        return _redacted(shown.incident, redacted)
    return message(
        _one_line(shown, zone), (*top(shown, zone), buttons(shown.incident), *details(shown, zone))
    )


def top(shown: IncidentCard, zone: tzinfo) -> Iterator[Block]:
    """What is read in two seconds: severity, title, who has it, who is next and when."""
    line = headline(shown.incident)
    yield header(line)
    if length(line) > HEADER_TEXT:
        yield plain_section(shown.incident.title)
    yield section(situation(shown, zone))


def buttons(incident: Incident) -> Block:
    """Acknowledge and Resolve, the rest in a menu; once it is over only Reopen."""
    value = encode_target(incident.id, incident.epoch)
    if not incident.status.is_open:
        return actions(BLOCK_ID, button("Reopen", REOPEN, value))
    acknowledge = button("Acknowledge", ACKNOWLEDGE, value, style="primary")
    question = confirm(
        f"Resolve {incident.label}?",
        "It is over: paging stops for everybody. It can be reopened.",
        yes="Resolve",
        no="Keep open",
        style="danger",
    )
    resolve = button("Resolve", RESOLVE, value, style="danger", confirm=question)
    first = (acknowledge,) if incident.status is Status.TRIGGERED else ()
    return actions(BLOCK_ID, *first, resolve, overflow(MORE, list(_menu(incident))))


def details(shown: IncidentCard, zone: tzinfo) -> Iterator[Block]:
    """What is read next: what is broken, whose it is, where to look, how far paging has come."""
    incident = shown.incident
    pairs = [
        ("Service", inert(shown.service)) if shown.service else None,
        ("Team", inert(shown.team)),
        ("Declared", Markup(f"by {name(incident.declared_by)}, {moment(incident.declared_at, zone)}")),
        ("Roles", _roles(shown)) if shown.roles else None,
        ("Updates", _updates(incident, zone)) if incident.update_at or incident.update_due else None,
        ("Runbook", _runbooks(shown)),
        ("Dashboards", _dashboards(shown)) if shown.dashboards else None,
        ("Alerts", alerts_on_card(shown.alerts)) if shown.alerts else None,
        ("Changes", changes_on_card(shown.changes)) if shown.changes else None,
        ("Post-mortem", postmortem(shown.postmortem, zone)) if shown.postmortem else None,
    ]
    yield fields([pair for pair in pairs if pair is not None])
    if incident.impact:
        yield plain_section(f"Impact: {incident.impact}")
    if incident.update:
        yield plain_section(f"Latest update: {incident.update[:UPDATE_SHOWN]}")
    if incident.budget and incident.is_open:
        yield context(_budget(incident.budget, incident, zone))
    pages = pages_so_far(shown, zone)
    if pages is not None:
        yield context(pages)


def postmortem(duty: Duty, zone: tzinfo) -> Markup:
    """Where it stands, or who writes it by when."""
    if duty.link:
        return link(duty.link, urlsplit(duty.link).hostname or duty.link)
    match duty.state:
        case DutyState.DONE:
            return Markup("Done")
        case DutyState.NOT_NEEDED:
            return inert(f"Not needed: {duty.reason}")
        case DutyState.LAPSED:
            return Markup("Not asked for")
        case DutyState.OPEN:
            who = name(duty.owner) if duty.owner else Markup("the team")
            return Markup(f"{who}, by {moment(duty.due, zone)}")


def runbook(book: Runbook) -> Markup:
    """The link to a runbook; its name, and how to read it, or what to set, where there is no link."""
    if book.url is not None:
        return link(book.url, book.title)
    if book.is_readable:
        return Markup(f"{inert(book.title)} (`/runbook {book.key}`)")
    return Markup(f"{inert(book.title)} (set `runbooks.base` or `runbooks.folder` in the guide)")


def _runbooks(shown: IncidentCard) -> Markup:
    """Its own one, and those that are worked through, each with how far that has come."""
    worked = {one.runbook: one for one in shown.worked[:_LINKS]}
    own = worked.pop(shown.runbook.key, None)
    first = runbook(shown.runbook)
    lines = [Markup(f"{first}: {_progress(own)}") if own else first]
    lines += [Markup(f"{inert(one.title, _BOOK)}: {_progress(one)}") for one in worked.values()]
    return joined(lines, "\n", FIELD_TEXT - 100)


def _progress(one: WorkedRunbook) -> Markup:
    return link(one.url, one.progress)


def _menu(incident: Incident) -> Iterator[tuple[str, str]]:
    target = Target(id=incident.id, epoch=incident.epoch)

    def choice(action: str) -> str:
        return encode_choice(Choice(action=action, target=target))

    yield _escalate_label(incident), choice(ESCALATE)
    if incident.status is not Status.MITIGATED:
        yield "Mitigated: users are no longer hurt", choice(MITIGATE)
    yield "Severity…", choice(CHANGE_SEVERITY)
    yield "Roles…", choice(GIVE_ROLES)
    yield "More…", choice(DO_MORE)


def _escalate_label(incident: Incident) -> str:
    path = incident.path
    who = path.rung(incident.next_step).title if path.pages and path.rungs else "the team"
    return f"Escalate now to {who}"


def _roles(shown: IncidentCard) -> Markup:
    held = (Markup(f"{inert(title, NAME_LIMIT)}: {name(holder)}") for title, holder in shown.roles)
    return joined(held, "\n", FIELD_TEXT - 100)


def _updates(incident: Incident, zone: tzinfo) -> Markup:
    times = (("latest", incident.update_at), ("next", incident.update_due))
    known = (Markup(f"{what} {moment(at, zone, day=incident.declared_at)}") for what, at in times if at)
    return joined(known, ", ", FIELD_TEXT - 100)


def _budget(note: BudgetNote, incident: Incident, zone: tzinfo) -> Markup:
    stood = inert(f"📉 {title(note)}: {standing(note)}", 500)
    return Markup(f"{stood} ({moment(note.at, zone, day=incident.declared_at)})")


def _dashboards(shown: IncidentCard) -> Markup:
    links = (link(board.url, board.title) for board in shown.dashboards[:_LINKS])
    return joined(links, " · ", FIELD_TEXT - 100)


def _one_line(shown: IncidentCard, zone: tzinfo) -> Markup:
    incident = shown.incident
    parts = [headline(incident), summary(shown, zone)]
    parts += [shown.service] if shown.service else []
    parts.append(f"declared by {incident.declared_by.name}")
    return Markup(" · ".join(inert(part, 250) for part in parts))


def _redacted(incident: Incident, reason: str) -> Message:
    title = public_name(incident)
    text = Markup(f"{inert(title)}: {word(incident.status).lower()}. {inert(reason, 300)}")
    blocks = [header(title), section(marked_word(incident.status)), buttons(incident)]
    return message(text, [*blocks, context(inert(reason, 300))])
