"""A guide in which incidents have rooms."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from types import MappingProxyType

from bot.domain.guide import Guide
from bot.domain.incident_policy import RoomPolicy
from bot.domain.severity import Severity
from tests.support.harness import a_staffed_guide

WIKI = "https://wiki.example.com"


def with_rooms(
    *severities: Severity, private: bool = False, archive_after: timedelta | None = timedelta(days=7)
) -> Guide:
    """The staffed guide, which gives incidents of these severities a room, and knows where runbooks are."""
    guide = a_staffed_guide()
    changed = {key: replace(one, room=key in severities) for key, one in guide.severities.items()}
    runbooks = {key: replace(one, url=f"{WIKI}/{one.file}") for key, one in guide.runbooks.items()}
    room = RoomPolicy(private=private, archive_after=archive_after)
    return replace(
        guide,
        severities=MappingProxyType(changed),
        incidents=replace(guide.incidents, room=room),
        runbooks=runbooks,
    )
