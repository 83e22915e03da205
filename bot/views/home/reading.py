"""What opens over a Home tab: something to read. A button there would have nowhere to answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.views.blocks import Block, Message, section
from bot.views.inputs import View, modal
from bot.views.markup import Markup

CALLBACK = "home.reading"
_BLOCKS = 100


def reading(title: str, shown: Message) -> View:
    """A message as a modal, without its buttons."""
    blocks = list(_without_buttons(shown.blocks))[:_BLOCKS]
    return modal(CALLBACK, title, blocks or [section(Markup(shown.text))], submit=None, close="Close")


def not_done(refused: Message) -> View:
    """Why something was not done, and what to do instead."""
    return reading("Nothing was done", refused)


def asking(title: str) -> View:
    """What is shown until there is an answer."""
    return modal(CALLBACK, title, [section(Markup("Asking Prometheus …"))], submit=None, close="Close")


def _without_buttons(blocks: Sequence[Block]) -> Iterator[Block]:
    for block in blocks:
        if block["type"] != "actions":
            yield {name: part for name, part in block.items() if name != "accessory"}
