"""Merging by a line."""

from __future__ import annotations

from bot.services.merging import Merging
from bot.services.requests import Ref
from handlers.commands.doers import Doers, changer
from handlers.words.merging import Merge


def merging_doers(merging: Merging) -> Doers:
    """Who merges."""
    return changer(
        Merge, lambda said, request: merging.merge(request, Ref(number=said.number), Ref(number=said.into))
    )
