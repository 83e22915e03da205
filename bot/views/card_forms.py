"""The forms behind an incident's menu: severity, roles, and what else there is to do.

A form knows the epoch of the card from which it was opened. One that is of an earlier epoch when it is sent
is shown anew, with what is true now above what had been filled in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.card import IncidentCard
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.incident_policy import IncidentRole
from bot.domain.roles import holds
from bot.domain.severity import Severity
from bot.domain.text import UPDATE_LIMIT
from bot.views.blocks import Block, section
from bot.views.declare import severity_option
from bot.views.incident import Target
from bot.views.inputs import Option, View, checkbox, modal, radio, text_input, user_select, value_of
from bot.views.markup import Markup, inert

SEVERITY_FORM = "incident.severity_form"
ROLES_FORM = "incident.roles_form"
MORE_FORM = "incident.more_form"

SEVERITY, TAKE, WHAT, WORDS = "severity", "take", "what", "words"
"""The forms' parts: errors are told by them. A role's part is `role_part`."""

MOST_ROLES = 12
"""Roles that the form shows; `/incident role` gives any."""

_YES = "yes"
_PERSON = ("U", "W")
"""How the ids of Slack's users begin; who acknowledged in PagerDuty has another."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """What a form was opened for: which incident, on a card of which epoch, and where.

    `held` is who (an id) had which role then; None where the form showed nobody's name.
    """

    target: Target
    channel: str | None = None
    channel_name: str | None = None
    held: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """A form as it was sent: what it was opened for, and what is filled in."""

    asked: Asked
    severity: Severity | None = None
    people: Mapping[str, str | None] = field(default_factory=dict)
    take: bool = False
    what: str | None = None
    words: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing to do from the form "More": what it is called, and what it does."""

    key: str
    title: str
    does: str


def role_part(role: str) -> str:
    """The part of the form in which a role's holder is chosen."""
    return f"role.{role}"


def severity_form(asked: Asked, card: IncidentCard, guide: Guide, *, sent: Sent | None = None) -> View:
    """Which severity it is to have, each with its path and response time."""
    incident = card.incident
    chosen = sent.severity if sent and sent.severity else incident.severity
    effect = Markup(
        f"It is {incident.severity} now. Raising begins the new severity's path anew, unacknowledged. "
        "Lowering keeps an acknowledgement; without one, the next tier waits the longer time."
    )
    options = [severity_option(policy, guide) for policy in guide.severities.values()]
    return modal(
        SEVERITY_FORM,
        f"Severity of #{incident.number}",
        [*_news(sent, card), section(effect), radio(SEVERITY, "How bad is it?", options, initial=chosen)],
        submit="Change",
        close="Leave it",
        metadata=_metadata(asked),
    )


def roles_form(
    asked: Asked, card: IncidentCard, guide: Guide, *, asker: str, hidden: bool, sent: Sent | None = None
) -> View:
    """Who has which role. `hidden` shows nobody's name, where a security incident's must not be read."""
    roles = list(guide.incidents.roles.values())[:MOST_ROLES]
    held = None if hidden else _held(card, roles)
    people = {**_people(held), **(changes_of(sent) if sent else {})}
    first = guide.incidents.first_role
    holder = card.incident.holder(first.key) if first else None
    take = None
    if first and (hidden or holder is None or holder.id != asker):
        option = Option(value=_YES, text=f"I am {first.title} from now on", description=first.does)
        take = checkbox(TAKE, "Take it yourself", option, checked=bool(sent and sent.take))
    blocks = [
        *_news(sent, card, *_new_holders(sent, card, roles, held)),
        take,
        *(_role(role, card, people.get(role.key), hidden=hidden) for role in roles),
    ]
    return modal(
        ROLES_FORM,
        f"Roles in #{card.incident.number}",
        [block for block in blocks if block is not None],
        submit="Give",
        close="Leave them",
        metadata=_metadata(
            Asked(target=asked.target, channel=asked.channel, channel_name=asked.channel_name, held=held)
        ),
    )


def more_form(
    asked: Asked, card: IncidentCard, entries: tuple[Entry, ...], *, sent: Sent | None = None
) -> View:
    """What else there is to do, in one form: what, and the words for it."""
    options = [Option(value=one.key, text=one.title, description=one.does) for one in entries]
    return modal(
        MORE_FORM,
        f"Incident #{card.incident.number}",
        [
            *_news(sent, card),
            radio(WHAT, "What is to be done?", options, initial=sent.what if sent else None),
            text_input(
                WORDS,
                "In words",
                initial=sent.words if sent else "",
                placeholder="Rolled back; the error rate is falling",
                longest=UPDATE_LIMIT,
                lines=True,
                optional=True,
            ),
        ],
        submit="Do it",
        close="Leave it",
        metadata=_metadata(asked),
    )


def read_sent(view: Mapping[str, Any]) -> Sent:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        raise _unreadable()
    severity = value_of(values, SEVERITY)
    return Sent(
        asked=_read_asked(str(view.get("private_metadata") or "")),
        severity=Severity(severity) if severity in set(Severity) else None,
        people={
            str(part).removeprefix(role_part("")): value_of(values, str(part))
            for part in values
            if str(part).startswith(role_part(""))
        },
        take=value_of(values, TAKE) == _YES,
        what=value_of(values, WHAT),
        words=value_of(values, WORDS) or "",
    )


def changes_of(sent: Sent) -> dict[str, str | None]:
    """Whom the roles are to be given to that somebody has chosen anew: an id, or None for nobody."""
    people = _people(sent.asked.held)
    return {role: person for role, person in sent.people.items() if person != people.get(role)}


def _new_holders(
    sent: Sent | None, card: IncidentCard, roles: Iterable[IncidentRole], held: Mapping[str, str] | None
) -> Iterator[str]:
    """Who has which role that somebody else had, or nobody, when the form was opened."""
    before = sent.asked.held if sent else None
    if before is None or held is None:
        return
    for role in roles:
        if before.get(role.key) != held.get(role.key):
            yield holds(role, card.incident.holder(role.key))


def _news(sent: Sent | None, card: IncidentCard, *more: str) -> Iterator[Block]:
    if sent:
        now = inert(". ".join([card.incident.describe(), *(one.removesuffix(".") for one in more)]))
        yield section(
            Markup(f"Meanwhile it has changed: {now}. Nothing was done; send it again if it still fits.")
        )


def _role(role: IncidentRole, card: IncidentCard, person: str | None, *, hidden: bool) -> Block:
    holder = None if hidden else card.incident.holder(role.key)
    elsewhere = holder is not None and not holder.id.startswith(_PERSON)
    hint = f"{role.does} {holder.name} has it." if holder and elsewhere else role.does
    return user_select(
        role_part(role.key), role.title, initial=person, placeholder="Nobody", hint=hint, optional=True
    )


def _held(card: IncidentCard, roles: Iterable[IncidentRole]) -> dict[str, str]:
    holders = ((role.key, card.incident.holder(role.key)) for role in roles)
    return {role: holder.id for role, holder in holders if holder}


def _people(held: Mapping[str, str] | None) -> dict[str, str]:
    """Those whom Slack's lists of people can show."""
    return {role: holder for role, holder in (held or {}).items() if holder.startswith(_PERSON)}


def _metadata(asked: Asked) -> str:
    kept = {
        "id": asked.target.id,
        "epoch": asked.target.epoch,
        "channel": asked.channel,
        "name": asked.channel_name,
        "held": None if asked.held is None else dict(asked.held),
    }
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _read_asked(metadata: str) -> Asked:
    try:
        kept = json.loads(metadata)
        return Asked(
            target=Target(id=str(kept["id"]), epoch=int(kept["epoch"])),
            channel=kept.get("channel"),
            channel_name=kept.get("name"),
            held=None if kept.get("held") is None else dict(kept["held"]),
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        raise _unreadable() from None


def _unreadable() -> InvalidError:
    return InvalidError("That form cannot be read, and nothing was done. Open it again from the newest card.")
