"""Reads what a call's card shows."""

from __future__ import annotations

from bot.domain.call import Call
from bot.domain.call_card import CallCard
from bot.domain.directory import Directory
from bot.ports.store import Transaction
from bot.services.cards import next_step_of


def read_call_card(tx: Transaction, call: Call, directory: Directory) -> CallCard:
    """Everything that the call's card shows, as it is in this transaction."""
    team = directory.team_of(call).title
    return CallCard(
        call=call,
        team=team,
        pages=tx.pages.of(call.id),
        next_step=next_step_of(tx, call, team, directory),
        confirmable=directory.confirmable,
    )
