"""What the place in which a request was made says of what is meant."""

from __future__ import annotations

from bot.domain.card import MessageRef
from bot.ports.store import Transaction
from bot.services.requests import Request


def subject_in_thread(tx: Transaction, request: Request) -> str | None:
    """The identity of the subject in whose thread the request was made; None outside of all threads."""
    if not request.channel or not request.thread:
        return None
    return tx.messages.subject_at(MessageRef(channel=request.channel, ts=request.thread))
