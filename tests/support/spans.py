"""Windows and freezes as stories see them."""

from __future__ import annotations

from tests.support.harness import World
from tests.support.people import Card


def span_cards(world: World) -> list[Card]:
    """The messages that tell of windows and freezes, oldest first."""
    return [
        Card.of(world.slack, message)
        for message in world.slack.messages
        if str(((message.metadata or {}).get("event_payload") or {}).get("key")).startswith("span/")
    ]


def span_card(world: World, label: str) -> Card:
    """That of `W1` or `F2`."""
    [card] = [card for card in span_cards(world) if f" {label}:" in card.content.text]
    return card
