"""What stands on a change's card to be pressed: two buttons that are seen, the rest in a menu."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import tzinfo

from bot.domain.changes.card import ChangeCard
from bot.domain.changes.change import AHEAD, ChangeState
from bot.domain.changes.gate import Verdict
from bot.views.blocks import Block, actions, confirm, overflow
from bot.views.changes.buttons import (
    APPROVE,
    BLOCK_ID,
    CANCEL,
    DEPLOYED,
    DONE,
    EDIT,
    GATE,
    MORE,
    NOTE,
    OVERRIDE,
    READ,
    REJECT,
    ROLLBACK,
    ROLLED_BACK,
    START,
    TEST,
    plain_button,
    value_of,
)
from bot.views.markup import plain_moment

_WARNINGS = 2


def change_buttons(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    """The row of the card: what is done next, what else is done often, and the menu."""
    seen = _SEEN.get(card.change.state)
    buttons = list(seen(card, zone)) if seen else []
    yield actions(BLOCK_ID, *buttons, overflow(MORE, list(_menu(card))))


def may_start(card: ChangeCard) -> bool:
    """Whether what is left to be done before it starts is to start it."""
    emergency = card.kind is not None and card.kind.is_emergency
    return card.change.state is ChangeState.TESTING or (
        emergency and card.change.state is ChangeState.APPROVED
    )


def _requested(card: ChangeCard, _zone: tzinfo) -> Iterator[Block]:
    yield plain_button("Approve", APPROVE, card.change, style="primary")
    yield plain_button("Reject…", REJECT, card.change)


def _approved(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    if may_start(card):
        yield _start(card, zone)
    else:
        yield plain_button("Testing begins", TEST, card.change, style="primary")


def _testing(card: ChangeCard, zone: tzinfo) -> Iterator[Block]:
    yield _start(card, zone)


def _deploying(card: ChangeCard, _zone: tzinfo) -> Iterator[Block]:
    yield plain_button("Deployed → validate", DEPLOYED, card.change, style="primary")
    yield _back(card)


def _validating(card: ChangeCard, _zone: tzinfo) -> Iterator[Block]:
    yield plain_button("Done", DONE, card.change, style="primary")
    yield _back(card)


def _rolling_back(card: ChangeCard, _zone: tzinfo) -> Iterator[Block]:
    yield plain_button("Rolled back", ROLLED_BACK, card.change, style="primary")


def _done(card: ChangeCard, _zone: tzinfo) -> Iterator[Block]:
    if card.may_be_rolled_back:
        yield _back(card)


_SEEN: Mapping[ChangeState, Callable[[ChangeCard, tzinfo], Iterator[Block]]] = {
    ChangeState.REQUESTED: _requested,
    ChangeState.APPROVED: _approved,
    ChangeState.TESTING: _testing,
    ChangeState.DEPLOYING: _deploying,
    ChangeState.VALIDATING: _validating,
    ChangeState.ROLLING_BACK: _rolling_back,
    ChangeState.DONE: _done,
}


def _start(card: ChangeCard, zone: tzinfo) -> Block:
    change = card.change
    question = confirm(
        f"Start {change.label}?",
        f"Production is changed from now on. {_warned(card, zone)}",
        yes="Start it",
        no="Not yet",
    )
    return plain_button("Start", START, change, style="primary", confirm=question)


def _warned(card: ChangeCard, zone: tzinfo) -> str:
    """What the gate said when the card was written; it is asked anew by the press."""
    gate = card.gate
    if gate is None:
        return "The gate is asked first."
    at = plain_moment(gate.at, zone, day=gate.at)
    if gate.verdict is not Verdict.ALLOW:
        against = "; ".join(gate.against[:_WARNINGS]).replace("`", "")
        return f"The gate is asked anew. At {at} it was against it: {against}"
    return f"The gate is asked anew. At {at} it had nothing against it."


def _back(card: ChangeCard) -> Block:
    return plain_button("Roll back…", ROLLBACK, card.change, style="danger")


def _menu(card: ChangeCard) -> Iterator[tuple[str, str]]:
    change = card.change
    yield "Read all", value_of(READ, change)
    if change.is_open or change.state in {ChangeState.DONE, ChangeState.ROLLED_BACK}:
        yield "Note…", value_of(NOTE, change)
    if change.state not in AHEAD:
        return
    yield "Edit…", value_of(EDIT, change)
    yield "Cancel…", value_of(CANCEL, change)
    if may_start(card) and card.gate is not None and card.gate.verdict is not Verdict.ALLOW:
        yield "Override the gate…", value_of(OVERRIDE, change)
    else:
        yield "Ask the gate", value_of(GATE, change)
