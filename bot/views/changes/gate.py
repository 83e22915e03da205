"""The gate's answer: yes or no, with every reason, and how old what it goes by is."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta, tzinfo

from bot.domain.changes.gate import GateAnswer, Ground, News, Reason, Verdict, Weight
from bot.domain.text import duration
from bot.views.blocks import Block, Message, context, header, message, section
from bot.views.markup import Markup, bold, inert, joined, moment, plain_moment, said

_VERDICTS = {
    Verdict.ALLOW: ("🟢", "yes", "Allowed"),
    Verdict.DENY: ("⛔", "no", "Denied"),
    Verdict.UNKNOWN: ("⚪", "nobody knows, which is no", "Unknown"),
}
WEIGHTS = {Weight.DENIES: "⛔", Weight.UNKNOWN: "⚪", Weight.WARNS: "⚠️", Weight.SUPPORTS: "🟢"}
"""What a reason does to the answer, as an emoji beside its words."""

_HEAVIEST_FIRST = tuple(Weight)
_TEXT = 400
_ON_CARD = 200
_MOST_ON_CARD = 4
_SECTION = 2800
_TITLE = 70
_OWN = frozenset({Ground.APPROVAL, Ground.PHASE})
"""What a change's card says of itself already."""


def gate_message(answer: GateAnswer, *, service: str, kind: str, zone: tzinfo) -> Message:
    """The whole answer. `service` and `kind` are titles."""
    emoji, yes, word = _VERDICTS[answer.verdict]
    about = f"{kind[:_TITLE]} · {service[:_TITLE]}"
    told = [f"{emoji} {bold(Markup(word))}{_for(answer)}"]
    told += [f"Opens next: {bold(moment(answer.opens, zone, day=answer.at))}"] if answer.opens else []
    lines = [reason_line(one, _TEXT) for one in heaviest_first(answer.reasons)]
    blocks: list[Block] = [header(f"🚦 {about}"), section(Markup("\n".join(told)))]
    if lines:
        blocks.append(section(joined(lines, "\n", _SECTION)))
    blocks.append(context(_small(answer, zone)))
    asked = f"May {service} be changed now ({kind})? {yes.capitalize()}."
    opens = f" Opens next: {plain_moment(answer.opens, zone, day=answer.at)}." if answer.opens else ""
    why = "; ".join(answer.against)
    return message(inert(f"{asked}{opens} {why}".strip(), 2000), blocks)


def gate_on_card(answer: GateAnswer, zone: tzinfo) -> Markup:
    """What the gate has said, in a few lines; not what the card says of approvals and phases itself."""
    at = moment(answer.at, zone, day=answer.at)
    shown = [
        one
        for one in heaviest_first(answer.reasons)
        if one.ground not in _OWN and one.weight is not Weight.SUPPORTS
    ]
    if not shown:
        lets = "lets it start" if answer.verdict is Verdict.ALLOW else "nothing else is against it"
        return Markup(f"🚦 Gate at {at}: 🟢 {lets}")
    told = any(one.until == answer.opens for one in shown)  # by one of the reasons
    opens = answer.opens
    when = f" · opens {bold(moment(opens, zone, day=answer.at))}" if opens and not told else ""
    lines = [f"🚦 Gate at {at}{when}"]
    lines += [reason_line(one, _ON_CARD) for one in shown[:_MOST_ON_CARD]]
    left = len(shown) - _MOST_ON_CARD
    lines += [f"+{left} more: `/change gate {inert(answer.change or '')}`".rstrip()] if left > 0 else []
    return Markup("\n".join(lines))


def reason_line(reason: Reason, limit: int) -> Markup:
    """`⛔ Freeze F4 “Black Friday” lasts until Mon 08:00 EST`."""
    return Markup(f"{WEIGHTS[reason.weight]} {said(reason.text, limit)}")


def heaviest_first(reasons: Iterable[Reason]) -> list[Reason]:
    """What denies first, what supports last."""
    return sorted(reasons, key=lambda one: _HEAVIEST_FIRST.index(one.weight))


def _for(answer: GateAnswer) -> Markup:
    return Markup(f" · {inert(answer.change)}" if answer.change else "")


def _small(answer: GateAnswer, zone: tzinfo) -> Markup:
    """When it was asked, and how old what it goes by is."""
    asked = Markup(f"Asked {moment(answer.at, zone, day=answer.at)}")
    return joined([asked, *(Markup(_news(one, answer)) for one in answer.news)], " · ", 1500)


def _news(news: News, answer: GateAnswer) -> str:
    of = inert(news.of, 60)
    if news.at is None:
        return f"{of}: {'nothing asked yet' if news.idle else 'no news yet'}"
    age = max(timedelta(), answer.at - news.at)
    return f"{of}: {duration(age)} ago"
