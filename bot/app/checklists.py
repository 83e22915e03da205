"""Joins the routine reviews."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.outside import Outside
from bot.app.part import Job, Part
from bot.domain.actor import Actor
from bot.services.run_prompts import RunPrompts

PROMPTS = "checklists"
PROMPT_SECONDS = 5.0
"""A look that finds nothing reads one row."""
FIRST_PROMPT_SECONDS = 2.0
"""By then Slack has usually told who is who."""


def wire_checklists(inside: Inside) -> Part:
    """Join them."""
    prompts = Job(every=PROMPT_SECONDS, name=PROMPTS, do=_prompts(inside).look, first=FIRST_PROMPT_SECONDS)
    return Part(jobs=(prompts,))


def _prompts(inside: Inside) -> RunPrompts:
    outside = inside.outside
    return RunPrompts(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=inside.directory,
        person=lambda user: _person(outside, user),
    )


def _person(outside: Outside, user: str) -> Actor | None:
    """Somebody who can have a run. Who is not known (yet) can: Slack may not have been reached."""
    if outside.people.is_outsider(user):
        return None
    return Actor(id=user, name=outside.people.name_of(user) or user)
