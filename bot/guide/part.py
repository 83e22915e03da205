"""What every section of a guide's file is made of."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict

from bot.guide.fields import GroupId, PersonId


class Part(BaseModel):
    """A mapping of the guide; keys that it does not know are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)


class MentionPart(Part):
    """Whom Slack notifies."""

    groups: list[GroupId] = []
    """Slack user groups, by their ids."""
    people: list[PersonId] = []
    """Slack members, by their ids."""
