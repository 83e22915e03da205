"""The words of `/oncall`."""

from __future__ import annotations

from dataclasses import dataclass

from bot.domain.guide import Guide
from handlers.lines import Command
from handlers.slack_text import plain
from handlers.words.naming import called, meant


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOnCall:
    """Who is on call: for every tier."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowTier:
    """For one tier, by its key."""

    tier: str

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return self.tier


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOwner:
    """For every tier, and whose something is: a service's or a team's, by the team's and service's keys."""

    team: str
    service: str | None = None

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return self.service or self.team


@dataclass(frozen=True, slots=True, kw_only=True)
class OnCallHelp:
    """Ask what can be asked."""

    @property
    def line(self) -> str:
        """The line that asks for it."""
        return "help"


def parse_on_call(text: str, guide: Guide) -> Command:
    """What a line asks for: a tier goes before a service, a service before a team. Raises NotFoundError."""
    said = plain(text)
    if said.lower() == "help":
        return OnCallHelp()
    if not said or said.lower() in {"all", "list", "now"}:
        return ShowOnCall()
    names: dict[str, Command] = called(
        ((key, tier.title, ShowTier(tier=key)) for key, tier in guide.tiers.items()),
        (
            (key, service.title, ShowOwner(team=service.team, service=key))
            for key, service in guide.services.items()
        ),
        ((key, team.title, ShowOwner(team=key)) for key, team in guide.teams.items()),
    )
    return meant(said, names, what="service or tier", usage="/oncall payment")
