"""What the operations guide decides about incidents: what each severity asks for, and how they are run.

A part of the guide (`bot.domain.guide`); everything here is frozen and already checked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.severity import Severity


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityPolicy:
    """What a severity asks for.

    `response` is the response time, or None for "the next business day". `path` names tiers, first
    to last; `pages` says whether they are paged or only mentioned in Slack (then `channel` is None
    and the owning team's channel is used). `repeats` says whether the last tier is paged again every
    response time until somebody acknowledges. `update_every` is how often whoever leads is asked for an
    update, None for never; `leadership` says whether the business's stakeholders are told;
    `still_on_it` is how long whoever has it may be silent before they are asked, None for ever.
    `room`: an incident of it gets a Slack channel of its own.
    """

    severity: Severity
    title: str
    meaning: str
    response: timedelta | None
    path: tuple[str, ...]
    pages: bool
    repeats: bool
    update_every: timedelta | None = None
    room: bool = False
    leadership: bool = False
    still_on_it: timedelta | None = None


COMMUNICATIONS = "communications"
"""The key of the role, where the guide has it, that keeps others informed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentRole:
    """What somebody takes on in an incident: its title, and what the one who has it does."""

    key: str
    title: str
    does: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RoomPolicy:
    """How incidents' own channels are kept.

    `archive_after` is how long after the end one is archived, None for never; `private`: only who is invited
    can read it, which is so of a security incident's in any case.
    """

    archive_after: timedelta | None = timedelta(days=7)
    private: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmortemPolicy:
    """Which incidents owe a post-mortem, and what its draft looks like.

    `due` is how many business days each severity has; one that is not in it owes none. `template` is a
    text with the places of `bot.domain.draft`. `drills` says whether drills owe one, too.
    """

    due: Mapping[Severity, int] = field(default_factory=dict)
    template: str = "# Post-mortem: {label} {title}\n\n{timeline}\n"
    drills: bool = False

    def days(self, severity: Severity, *, drill: bool) -> int | None:
        """How many business days there are to write it; None where none is owed."""
        return None if drill and not self.drills else self.due.get(severity)


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPolicy:
    """How incidents are run. `roles` in the guide's order: whoever acknowledges first has the first one.

    `timeline_reaction` is the emoji that adds a message to a timeline; None: none does.
    `same_within` is how long after another an incident may be asked about as the same; None: never.
    """

    roles: Mapping[str, IncidentRole] = field(default_factory=dict)
    same_within: timedelta | None = timedelta(hours=1)
    timeline_reaction: str | None = None
    room: RoomPolicy = RoomPolicy()
    postmortem: PostmortemPolicy = field(default_factory=PostmortemPolicy)

    @property
    def first_role(self) -> IncidentRole | None:
        """Who leads an incident."""
        return next(iter(self.roles.values()), None)
