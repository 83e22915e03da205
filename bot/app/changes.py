"""Joins what changes changes of production, and reads them."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.services.change_frame import ChangeFrame
from bot.services.change_reader import ChangeReader
from bot.services.change_requests import Changes


def changes_of(inside: Inside) -> Changes:
    """The use cases, for commands, buttons and forms."""
    outside = inside.outside
    frame = ChangeFrame(
        store=outside.store,
        clock=outside.clock,
        directory=inside.directory,
        rights=inside.rights,
        workspace=outside.workspace,
    )
    return Changes(frame=frame, ids=RandomIds(), directory=inside.directory, rights=inside.rights)


def change_reader(inside: Inside) -> ChangeReader:
    """What reads them."""
    outside = inside.outside
    return ChangeReader(
        store=outside.store,
        clock=outside.clock,
        directory=inside.directory,
        rights=inside.rights,
        workspace=outside.workspace,
    )
