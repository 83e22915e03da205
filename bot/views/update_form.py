"""The form in which an update is written: how things stand, who is hurt, and when to ask next."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.errors import InvalidError
from bot.domain.incident import Incident
from bot.domain.text import IMPACT_LIMIT, UPDATE_LIMIT, clean, duration
from bot.views.inputs import Option, View, modal, select, text_input, value_of

CALLBACK = "incident.update"

TEXT, IMPACT, NEXT = "text", "impact", "next"
"""The form's parts: errors are told by them."""

_NEVER = "never"
_QUESTION_LIMIT = 300
_CHOICES = tuple(timedelta(minutes=minutes) for minutes in (15, 30, 60, 120, 240))


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """The message that asked for it: its words, and where Slack lets it be replaced for half an hour."""

    text: str
    response_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What is filled in, for which incident, and where it was asked for (Slack's id, and name as given).

    `question` is the message whose button opened the form, where one did.
    """

    incident_id: str
    channel: str | None = None
    channel_name: str | None = None
    text: str = ""
    impact: str = ""
    next_in: timedelta | None = None
    never: bool = False
    question: Question | None = None


def update_form(written: Written, incident: Incident, every: timedelta | None) -> View:
    """The form. `every` is how often updates are asked for now.

    What is known of the impact is filled in, where the channel may read it (`written.impact`).
    """
    usual = f"In {duration(every)}, as usual" if every else "Nobody is asked"
    options = [
        *(Option(value=str(one // timedelta(minutes=1)), text=f"In {duration(one)}") for one in _CHOICES),
        Option(value=_NEVER, text="Ask nobody any more"),
    ]
    blocks = [
        text_input(
            TEXT,
            f"How does {incident.label} stand?",
            initial=written.text,
            placeholder="Rolled back; the error rate is falling",
            longest=UPDATE_LIMIT,
            lines=True,
        ),
        text_input(
            IMPACT,
            "Who is hurt, and how?",
            initial=written.impact,
            placeholder="Customers cannot pay",
            hint="In words for those who do not run it",
            longest=IMPACT_LIMIT,
            lines=True,
            optional=True,
        ),
        select(NEXT, "Ask for the next update", options, placeholder=usual, optional=True),
    ]
    kept: dict[str, Any] = {
        "id": written.incident_id,
        "channel": written.channel,
        "name": written.channel_name,
    }
    if written.question is not None:
        kept["question"] = [clean(written.question.text, _QUESTION_LIMIT), written.question.response_url]
    return modal(
        CALLBACK,
        "Write an update",
        blocks,
        submit="Send",
        close="Cancel",
        metadata=json.dumps(kept, ensure_ascii=False, separators=(",", ":")),
    )


def read_form(view: Mapping[str, Any]) -> Written:
    """What was sent. Raises InvalidError for what is no form of ours."""
    match view.get("state"):
        case {"values": Mapping() as values}:
            pass
        case _:
            raise _unreadable()
    try:
        kept = json.loads(str(view.get("private_metadata") or ""))
        incident_id = str(kept["id"])
    except (ValueError, KeyError, TypeError):
        raise _unreadable() from None
    chosen = value_of(values, NEXT) or ""
    return Written(
        incident_id=incident_id,
        channel=kept.get("channel"),
        channel_name=kept.get("name"),
        text=value_of(values, TEXT) or "",
        impact=value_of(values, IMPACT) or "",
        next_in=_length(chosen),
        never=chosen == _NEVER,
        question=_question(kept.get("question")),
    )


def _question(kept: Any) -> Question | None:
    match kept:
        case [str(text), str(url)]:
            return Question(text=text, response_url=url)
        case _:
            return None


def _length(chosen: str) -> timedelta | None:
    lengths = {str(one // timedelta(minutes=1)): one for one in _CHOICES}
    return lengths.get(chosen)


def _unreadable() -> InvalidError:
    return InvalidError("That form cannot be read. `/incident update 42 rolled back` says it in one line.")
