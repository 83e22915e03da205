"""What only the person who asked reads: answers, refusals, help, lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta, tzinfo

from bot.domain.card import IncidentCard
from bot.domain.text import clean, duration
from bot.domain.timeline import TimelinePage
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.incident import details, top
from bot.views.markup import Markup, bold, inert, joined, length, moment, said
from bot.views.status import marked_word, name, public_name, summary, word
from bot.views.timeline import packed

HELP_EXAMPLES = (
    ("p0 checkout is down", "declare; P0 pages at once, P3 waits for working time"),
    ("p1 service:payment cards are refused", "declare, and say what is broken"),
    ("p0 security: token leaked", "declare without showing it to outsiders"),
    ("drill p0 checkout is down", "practise: everything happens, marked TEST"),
    ("ack 42", "take it: paging stops"),
    ("role 42 commander", "take a role; `role 42 scribe @lee` gives one"),
    ("update 42 rolled back, error rate falling", "say how things stand"),
    ("impact 42 customers cannot pay", "say who is hurt, for those who do not run it"),
    ("updates 42 30m", "be asked for an update so often; `updates 42 off`: never"),
    ("sev 42 p1", "raise or lower its severity"),
    ("escalate 42", "page the next tier now"),
    ("mitigate 42 traffic moved", "users are no longer hurt"),
    ("resolve 42 cause fixed", "it is over"),
    ("cancel 42 test alert", "it was a false alarm"),
    ("merge 42 into 41", "they are the same: 41 goes on"),
    ("reopen 42", "it was not over"),
    ("list", "what is open"),
    ("show 42", "one incident with its history"),
    ("item 42 add rotate the keys @lee by friday", "something to do after it; `item 3 done`"),
    ("items 42", "what is to be done; `items` for all incidents"),
    ("postmortem 42", "a fresh draft; `postmortem 42 done https://…` once it is written"),
    ("postmortems", "what is still to be written"),
    ("stats 30d service:payment", "how incidents went: how many, how fast, who was woken"),
    ("timeline 42", "all of its history, entry by entry"),
    ("note 42 traffic moved", "write down what happened"),
    ("correct 42 7 it was 14:05", "mend entry 7; what it said is kept"),
    ("strike 42 7 wrong incident", "entry 7 is wrong"),
    ("times 42 started 14:05", "when it started, was detected, acknowledged, mitigated or resolved"),
    ("export 42 json", "its timeline as a file in its thread; `md` for people"),
)
"""Every command of the grammar once, with what it is for."""

_TYPED_LIMIT = 500
_MOST_LISTED = 40
_MOST_EVENTS = 25
_TIMELINE = 2900
_HISTORY = 5000


def answer(text: str, *, repeated: bool = False, offered: Block | None = None) -> Message:
    """A service's answer. `repeated`: it had been carried out before; `offered`: the buttons under it."""
    shown = said(text)
    blocks: list[Block] = [section(shown), *([offered] if offered else [])]
    if repeated:
        blocks.append(context(Markup("This had been done already; nothing was done twice.")))
    return message(shown, blocks)


def refusal(text: str) -> Message:
    """Why something was not done, and what to do instead."""
    shown = said(text)
    return message(shown, [section(shown)])


def help_message(services: Mapping[str, str], *, command: str = "/incident") -> Message:
    """What can be asked, by example. `services` are titles by key; `command` is what is typed first."""
    lines = (f"`{command} {example}`  {meaning}" for example, meaning in HELP_EXAMPLES)
    keys = joined(
        (Markup(f"`{inert(key)}` {inert(title)}") for key, title in services.items()), ", ", _TIMELINE
    )
    return message(
        Markup(f"{command} p0 what is wrong: declares an incident. {command} list: what is open."),
        [
            *_packed(lines),
            *([section(Markup(f"{bold(Markup('Services'))}: {keys}"))] if keys else []),
            context(
                Markup(
                    "The number may be left out in an incident's thread, or where only one is open. "
                    "In threads: mention the bot instead of the command, or use the card's buttons."
                )
            ),
        ],
    )


def _packed(lines: Iterable[str]) -> Iterator[Block]:
    """The lines, in as few sections as they fit in."""
    together = ""
    for line in lines:
        if together and length(together) + length(line) >= _TIMELINE:
            yield section(Markup(together))
            together = ""
        together = f"{together}\n{line}" if together else line
    yield section(Markup(together))


def unknown_word(word: str, nearest: str | None, *, command: str = "/incident") -> str:
    """No command begins so: the nearest that does, and how to see them all. Nothing is escaped yet."""
    meant = f" Did you mean `{nearest}`?" if nearest else ""
    return f"There is no command “{clean(word, 60)}”.{meant} `{command} help` shows them all."


def incident_list(
    cards: Iterable[IncidentCard], now: datetime, *, hidden: int = 0, zone: tzinfo = UTC
) -> Message:
    """What is open, most urgent first, then newest first; `hidden` are security incidents, only counted."""
    listed = sorted(cards, key=_urgency)
    secret = _counted(hidden)
    if not listed:
        nothing = Markup(f"No {'other ' if hidden else ''}incident is open.{secret}")
        return message(nothing, [section(nothing)])
    title = f"{len(listed)} open incident{'s' if len(listed) > 1 else ''}"
    blocks = [header(title), *(_listed(card, now, zone) for card in listed[:_MOST_LISTED])]
    left = len(listed) - _MOST_LISTED
    if left > 0:
        blocks.append(context(Markup(f"{left} less urgent or older ones are not shown")))
    if secret:
        blocks.append(context(Markup(secret.strip())))
    names = "; ".join(f"{card.incident.label} {card.incident.title}" for card in listed[:10])
    return message(Markup(f"{title}: {inert(names, 2000)}{secret and f'.{secret}'}"), blocks)


def _counted(hidden: int) -> str:
    """How many security incidents are open beside those that are listed."""
    if not hidden:
        return ""
    if hidden == 1:
        return " 1 security incident is open; its channel shows it."
    return f" {hidden} security incidents are open; their channel shows them."


def incident_details(
    card: IncidentCard, page: TimelinePage, *, redacted: bool = False, zone: tzinfo = UTC
) -> Message:
    """One incident with its newest history, oldest first. `redacted` shows outsiders its number and state."""
    incident = card.incident
    if redacted:
        title = public_name(incident)
        where = inert("Its details are shown in its own channel only.")
        text = Markup(f"{inert(title)}: {word(incident.status).lower()}. {where}")
        return message(text, [header(title), section(marked_word(incident.status)), context(where)])
    text = inert(f"{incident.label} {incident.title} · {summary(card, zone)}", 500)
    _, history = packed(card, page.newest(_MOST_EVENTS), room=_HISTORY, zone=zone)
    return message(text, [*top(card, zone), *details(card, zone), *history])


def _urgency(card: IncidentCard) -> tuple[int, float]:
    return card.incident.severity.rank, -card.incident.declared_at.timestamp()


def _listed(card: IncidentCard, now: datetime, zone: tzinfo) -> Block:
    incident = card.incident
    age = duration(max(now - incident.declared_at, timedelta()))
    facts = [marked_word(incident.status), inert(f"open for {age}")]
    facts += [inert(card.service)] if card.service else []
    facts += [Markup(f"by {name(incident.acknowledged_by)}")] if incident.acknowledged_by else []
    if card.next_step:
        due = moment(card.next_step.due, zone, day=now)
        facts.append(Markup(f"next: {inert(card.next_step.title)} {due}"))
    label = bold(inert(incident.label))
    return section(Markup(f"{label} {inert(incident.title)}\n{' · '.join(facts)}"))
