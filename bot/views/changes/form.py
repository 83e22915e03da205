"""The form in which a change is asked for, and its plan edited; and what it turns into."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.domain.changes.change import Risk
from bot.domain.changes.planning import TEXT_MOST, TITLE_MOST
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.slo.objective import PLATFORM
from bot.views.blocks import Block, context, section
from bot.views.changes.types import type_words
from bot.views.inputs import (
    SELECT_OPTIONS,
    Option,
    View,
    datetime_input,
    instant_of,
    modal,
    radio,
    select,
    text_input,
    value_of,
)
from bot.views.markup import Markup, inert, said

REQUEST_FORM = "change.request_form"

KIND, SERVICE, TITLE, STEPS, VALIDATION = "kind", "service", "title", "steps", "validation"
ROLLBACK, STARTS, LENGTH, RISK = "rollback", "starts", "length", "risk"
"""The form's parts, called as the plan's: errors are told by them."""

_LENGTH_MOST = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is filled in so far.

    `kind` and `service` are the guide's keys, `service` PLATFORM for all of them. `length` is as it was
    typed. `channel` is where it was asked for (Slack's id), `channel_name` what Slack gave as its name.
    `change` is the id of the one whose plan is edited, `label` its name, `revision` the plan that was seen;
    `mind` is what is lost by an edit, and whose it is.
    """

    kind: str | None = None
    service: str | None = None
    title: str = ""
    steps: str = ""
    validation: str = ""
    rollback: str = ""
    starts: datetime | None = None
    length: str = ""
    risk: Risk | None = None
    channel: str | None = None
    channel_name: str | None = None
    change: str | None = None
    label: str | None = None
    revision: int | None = None
    mind: str = ""


def request_form(form: Form, guide: Guide, now: datetime) -> View:
    """The form, with what is known filled in."""
    edited = form.change is not None
    return modal(
        REQUEST_FORM,
        f"Edit {form.label or 'a change'}" if edited else "Ask for a change",
        [*_what(form, guide), *_how(form), *_when(form, guide, now), *_after(form)],
        submit="Save" if edited else "Ask for it",
        close="Cancel",
        metadata=_metadata(form),
    )


def read_form(view: Mapping[str, Any]) -> Form:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        raise _unreadable()
    risk = value_of(values, RISK)
    return Form(
        kind=value_of(values, KIND),
        service=value_of(values, SERVICE),
        title=value_of(values, TITLE) or "",
        steps=value_of(values, STEPS) or "",
        validation=value_of(values, VALIDATION) or "",
        rollback=value_of(values, ROLLBACK) or "",
        starts=instant_of(values, STARTS),
        length=value_of(values, LENGTH) or "",
        risk=Risk(risk) if risk in set(Risk) else None,
        **_begun(str(view.get("private_metadata") or "")),
    )


def asked_view(text: str) -> View:
    """What the form turns into: its number, what it needs, and when it may start."""
    return modal(REQUEST_FORM, "Change", [section(said(text))], submit=None, close="Close")


def _what(form: Form, guide: Guide) -> Iterator[Block]:
    kinds = [
        Option(value=kind.key, text=kind.title, description=type_words(kind))
        for kind in guide.changes.types.values()
    ]
    first = Option(value=PLATFORM, text="Platform", description="All services, or what they stand on")
    services = [
        Option(value=service.key, text=service.title, description=service.key)
        for service in guide.services.values()
    ]
    hint = ". ".join(f"{kind.title}: {type_words(kind)}" for kind in guide.changes.types.values())
    yield select(KIND, "Type", kinds, initial=form.kind, placeholder="When may it start?", hint=f"{hint}.")
    yield select(
        SERVICE,
        "What is changed?",
        [first, *services][:SELECT_OPTIONS],
        initial=form.service,
        placeholder="A service, or the platform",
    )
    yield text_input(
        TITLE, "Title", initial=form.title, placeholder="New checkout flow 2.14.0", longest=TITLE_MOST
    )


def _how(form: Form) -> Iterator[Block]:
    asked = (
        (STEPS, "Plan", form.steps, "10 % of the pods, then 50 %, then all; 10 min between"),
        (VALIDATION, "Validation", form.validation, "How is seen that it works: p95 stays below 200 ms"),
        (
            ROLLBACK,
            "Rollback plan",
            form.rollback,
            "How it is taken back, step by step: helm rollback payment",
        ),
    )
    for part, label, initial, placeholder in asked:
        yield text_input(part, label, initial=initial, placeholder=placeholder, longest=TEXT_MOST, lines=True)


def _when(form: Form, guide: Guide, now: datetime) -> Iterator[Block]:
    zone = str(guide.organization.zone)
    yield datetime_input(
        STARTS,
        "Start",
        initial=form.starts or now,
        hint=f"In your own time zone; windows are those of {zone}.",
    )
    yield text_input(
        LENGTH,
        "How long does it take, validation included?",
        initial=form.length or "30m",
        placeholder="30m, 2h, 1h30m",
        longest=_LENGTH_MOST,
    )


def _after(form: Form) -> Iterator[Block]:
    yield radio(
        RISK,
        "Risk",
        [Option(value=risk, text=risk.capitalize()) for risk in Risk],
        initial=form.risk or Risk.MEDIUM,
    )
    if form.change is not None:
        yield context(Markup(f"{inert(form.mind)} Another plan is to be approved and tested anew.".strip()))


def _metadata(form: Form) -> str:
    kept = {
        "channel": form.channel,
        "name": form.channel_name,
        "change": form.change,
        "label": form.label,
        "revision": form.revision,
    }
    return json.dumps({key: value for key, value in kept.items() if value is not None}, separators=(",", ":"))


def _begun(metadata: str) -> dict[str, Any]:
    """Where it was asked for, and of which change it is the plan."""
    try:
        kept = json.loads(metadata)
    except ValueError:
        raise _unreadable() from None
    if not isinstance(kept, Mapping):
        raise _unreadable()
    channel, label = (str(kept[key]) if kept.get(key) else None for key in ("channel", "label"))
    change, named = (str(kept[key]) if kept.get(key) else None for key in ("change", "name"))
    revision = kept.get("revision")
    if (change is None) != (not isinstance(revision, int)):
        raise _unreadable()
    return {
        "channel": channel,
        "channel_name": named,
        "change": change,
        "label": label,
        "revision": revision,
    }


def _unreadable() -> InvalidError:
    return InvalidError("That form cannot be read. `/change` opens a new one.")
