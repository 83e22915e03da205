"""The form in which an incident is declared, and what it turns into once that is done."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from bot.domain.actor import Actor
from bot.domain.errors import InvalidError
from bot.domain.guide import Guide
from bot.domain.incident_policy import SeverityPolicy
from bot.domain.quote import Quote
from bot.domain.severity import Severity
from bot.domain.text import IMPACT_LIMIT, TITLE_LIMIT, duration
from bot.views.blocks import context, section
from bot.views.inputs import Option, View, checkbox, modal, radio, select, text_input, value_of
from bot.views.markup import Markup, inert, said

CALLBACK = "incident.declare"
SHORTCUT = "declare_incident"
"""The message shortcut's callback id, as in the app's manifest."""

SEVERITY, TITLE, SERVICE, IMPACT, SECURITY = "severity", "title", "service", "impact", "security"
"""The form's parts: errors are told by them."""

_YES = "yes"


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """What is filled in so far.

    `channel` is where it was asked for (Slack's id), `channel_name` what Slack gave as its name, and `quote`
    what began it. `alert` is the id of the alert group that it is declared for, `alert_label` its name; `run`
    the id of the run of whose item (`position`) the problem is, and `problem_label` names it.
    """

    severity: Severity | None = None
    title: str = ""
    service: str | None = None
    impact: str = ""
    security: bool = False
    drill: bool = False
    channel: str | None = None
    channel_name: str | None = None
    quote: Quote | None = None
    alert: str | None = None
    alert_label: str | None = None
    run: str | None = None
    position: int | None = None
    problem_label: str | None = None


def declare_form(form: Form, guide: Guide) -> View:
    """The form, with what is known filled in."""
    services = [
        Option(value=service.key, text=service.title, description=service.key)
        for service in guide.services.values()
    ]
    choose = "" if form.severity else " Choose how bad it is; the rest is filled in."
    blocks = [
        radio(
            SEVERITY,
            "How bad is it?",
            [severity_option(policy, guide) for policy in guide.severities.values()],
            initial=form.severity,
        ),
        text_input(
            TITLE,
            "What is wrong?",
            initial=form.title,
            placeholder="checkout is down",
            longest=TITLE_LIMIT,
        ),
        select(SERVICE, "Service", services, initial=form.service, placeholder="Not known yet", optional=True)
        if services
        else None,
        text_input(
            IMPACT,
            "Who notices, and how?",
            initial=form.impact,
            placeholder="Customers cannot pay; orders are lost",
            longest=IMPACT_LIMIT,
            lines=True,
            optional=True,
        ),
        checkbox(
            SECURITY,
            "Security",
            Option(
                value=_YES,
                text="Security incident",
                description=f"Only #{guide.channels[guide.defaults.security].name} reads what it is about",
            ),
            checked=form.security,
        ),
        context(Markup(f"For alert {inert(form.alert_label)}, which belongs to it then."))
        if form.alert_label
        else None,
        context(Markup(f"For the problem of {inert(form.problem_label)}, which is closed with it.{choose}"))
        if form.problem_label
        else None,
        context(Markup(f"From a message of {inert(form.quote.author.name)}: {inert(form.quote.text, 300)}"))
        if form.quote
        else None,
        context(Markup("It is in a private channel, where its text stays; the title goes with the incident."))
        if form.quote and form.quote.private
        else None,
    ]
    return modal(
        CALLBACK,
        "Declare a drill" if form.drill else "Declare an incident",
        [block for block in blocks if block is not None],
        submit="Declare",
        close="Cancel",
        metadata=_metadata(form),
    )


def declared_view(text: str) -> View:
    """What the form turns into: number, who is reached now, who comes next."""
    return modal(CALLBACK, "Declared", [section(said(text))], submit=None, close="Close")


def read_form(view: Mapping[str, Any]) -> Form:
    """What was sent. Raises InvalidError for what is no form of ours."""
    state = view.get("state")
    values = state.get("values") if isinstance(state, Mapping) else None
    if not isinstance(values, Mapping):
        raise InvalidError("That form cannot be read. `/incident p0 checkout is down` declares in one line.")
    begun = _begun(str(view.get("private_metadata") or ""))
    severity = value_of(values, SEVERITY)
    return Form(
        severity=Severity(severity) if severity in set(Severity) else None,
        title=value_of(values, TITLE) or "",
        service=value_of(values, SERVICE),
        impact=value_of(values, IMPACT) or "",
        security=value_of(values, SECURITY) == _YES,
        drill=begun.drill,
        channel=begun.channel,
        channel_name=begun.channel_name,
        quote=begun.quote,
        alert=begun.alert,
        alert_label=begun.alert_label,
        run=begun.run,
        position=begun.position,
        problem_label=begun.problem_label,
    )


def severity_option(policy: SeverityPolicy, guide: Guide) -> Option:
    """A severity to choose, with what it means, whom it reaches and how fast."""
    if not policy.pages:
        how = "Nobody is paged; the team looks at it the next business day"
    else:
        path = " → ".join(guide.tiers[key].title for key in policy.path)
        within = duration(policy.response) if policy.response else "at once"
        how = f"{within} each to acknowledge: {path}"
    return Option(
        value=policy.severity, text=f"{policy.severity} {policy.title}: {policy.meaning}", description=how
    )


def _metadata(form: Form) -> str:
    kept: dict[str, Any] = {"channel": form.channel, "name": form.channel_name, "drill": form.drill}
    if form.alert:
        kept |= {"alert": form.alert, "label": form.alert_label}
    if form.run:
        kept["problem"] = {"run": form.run, "item": form.position, "label": form.problem_label}
    if form.quote:
        kept["quote"] = asdict(form.quote)
    return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _begun(metadata: str) -> Form:
    """What the form was opened with. A form of another version has lost it, and is declared all the same."""
    try:
        kept = json.loads(metadata or "{}")
        quote, problem = kept.get("quote"), kept.get("problem") or {}
        return Form(
            channel=kept.get("channel"),
            channel_name=kept.get("name"),
            drill=bool(kept.get("drill")),
            alert=kept.get("alert"),
            alert_label=kept.get("label"),
            run=problem.get("run"),
            position=problem.get("item"),
            problem_label=problem.get("label"),
            quote=Quote(**{**quote, "author": Actor(**quote["author"])}) if quote else None,
        )
    except (ValueError, TypeError, KeyError, AttributeError):
        return Form()
