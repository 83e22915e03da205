"""The faces of incidents, alert groups and runs, and their lines, in Slack."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, tzinfo
from typing import Any

from typing_extensions import override

from bot.adapters.slack.connection import SlackConnection
from bot.adapters.slack.failures import ThreadGoneError
from bot.adapters.slack.messages import SlackMessages, in_room, in_time
from bot.domain.alert_card import AlertCard
from bot.domain.call_card import CallCard
from bot.domain.card import IncidentCard, LinkedAlerts, LinkedChange, MessageRef
from bot.domain.changes.card import ChangeCard
from bot.domain.changes.span_card import SpanCard
from bot.domain.checklists.card import RunCard
from bot.domain.face import Face
from bot.domain.guide import Channel
from bot.domain.subject import Subject
from bot.domain.subject_card import SubjectCard
from bot.ports.chat import Chat, Line, Shown
from bot.ports.workspace import Workspace, may_read
from bot.views.alert import alert_card as alert_view
from bot.views.blocks import Message
from bot.views.changes.card import change_card as change_view
from bot.views.changes.span import span_card as span_view
from bot.views.checklists.card import run_card as run_view
from bot.views.incident import card as card_view
from bot.views.leadership import leadership as leadership_view
from bot.views.notice import notice as notice_view
from bot.views.people.call import call_card as call_view
from bot.views.thread import line as line_view


class SlackChat(Chat):
    """Renders and posts. `channels` are the guide's, by key; `zone` is the guide's.

    A whole call ends within ten seconds. A security incident shows its text only in its own channel,
    and there only while that is private.
    """

    def __init__(
        self,
        connection: SlackConnection,
        *,
        workspace: Workspace,
        channels: Mapping[str, Channel],
        zone: tzinfo = UTC,
    ) -> None:
        self._messages = SlackMessages(connection, workspace=workspace, channels=channels)
        self._workspace = workspace
        self._zone = zone

    @override
    async def post_face(self, shown: Shown, *, keys: Sequence[str], uncertain: bool) -> MessageRef:
        channel = self._messages.channel_of(shown.place)
        async with in_time(), in_room(shown.place):
            if uncertain:
                found = await self._messages.find(keys, channel, None, shown.card.since)
                if found is not None:
                    return found
            message = self._rendered(shown, channel).to_json()
            return await self._messages.post(message, key=keys[0], channel=channel)

    @override
    async def edit_face(self, shown: Shown, at: MessageRef) -> None:
        await self._messages.edit(self._rendered(shown, at.channel).to_json(), shown.place, at)

    @override
    async def post_line(self, line: Line, thread: MessageRef | None, *, uncertain: bool) -> MessageRef:
        async with in_time(), in_room(line.place):
            if thread is not None:
                try:
                    return await self._say(line, thread.channel, thread.ts, uncertain=uncertain)
                except ThreadGoneError:
                    pass  # somebody deleted the card: it is said in the channel instead
            channel = self._messages.channel_of(line.place)
            return await self._say(line, channel, None, uncertain=uncertain)

    @override
    async def edit_line(self, line: Line, at: MessageRef) -> None:
        message = self._line(line, at.channel, labelled=False)
        await self._messages.edit(message.to_json(), line.place, at)

    async def _say(self, line: Line, channel: str, thread: str | None, *, uncertain: bool) -> MessageRef:
        if uncertain:
            found = await self._find_line(line, channel, thread)
            if found is not None:
                return found
        shown = self._line(line, channel, labelled=thread is None and line.place.room is None)
        return await self._messages.post(
            shown.to_json(), key=line.key, channel=channel, thread=thread, loud=line.loud
        )

    async def _find_line(self, line: Line, channel: str, thread: str | None) -> MessageRef | None:
        """Where it may have been said: in the thread, or in the channel while there was no thread yet."""
        found = await self._messages.find([line.key], channel, thread, line.event.at)
        if found is None and thread is not None:
            found = await self._messages.find([line.key], channel, None, line.event.at)
        return found

    def _line(self, line: Line, channel: str, *, labelled: bool) -> Message:
        return line_view(
            line.event,
            line.card,
            line.mentions,
            labelled=labelled,
            redacted=self._is_redacted(line.card.subject, channel),
            answer=line.answer,
        )

    def _rendered(self, shown: Shown, channel: str) -> Message:
        view, card = _VIEWS[shown.face], self._addressed(shown.card)
        if not self._is_redacted(card.subject, channel):
            return view(card, None, self._zone)
        return view(card, self._why_redacted(card.subject, channel), self._zone)

    def _addressed(self, card: SubjectCard) -> SubjectCard:
        """The card, with the addresses of the other cards that it names."""
        if isinstance(card, IncidentCard):
            return replace(
                card,
                merged_url=self._url(card.merged_at),
                alerts=self._linked(card.alerts),
                changes=self._near(card.changes),
                worked=tuple(replace(one, url=self._url(one.at)) for one in card.worked),
            )
        if isinstance(card, RunCard):
            declared = {key: replace(one, url=self._url(one.at)) for key, one in card.incidents.items()}
            return replace(card, incidents=declared)
        if isinstance(card, ChangeCard):
            return replace(card, suspects=tuple(replace(one, url=self._url(one.at)) for one in card.suspects))
        if isinstance(card, SpanCard | CallCard):
            return card
        incident = replace(card.incident, url=self._url(card.incident.at)) if card.incident else None
        return replace(card, incident=incident, changes=self._near(card.changes))

    def _near(self, changes: tuple[LinkedChange, ...]) -> tuple[LinkedChange, ...]:
        return tuple(replace(one, url=self._url(one.at)) for one in changes)

    def _linked(self, alerts: LinkedAlerts | None) -> LinkedAlerts | None:
        if alerts is None:
            return None
        return replace(alerts, shown=tuple(replace(one, url=self._url(one.at)) for one in alerts.shown))

    def _url(self, at: MessageRef | None) -> str | None:
        return self._workspace.url(at) if at else None

    def _is_redacted(self, subject: Subject, channel: str) -> bool:
        """Whether outsiders may read in that channel, or it is not the security subject's own."""
        return not may_read(self._workspace, subject, channel)

    def _why_redacted(self, subject: Subject, channel: str) -> str:
        """Why no text of a security incident, alert or run is shown in a channel, and what to do."""
        if subject.room is not None and channel == subject.room.id:
            return "This channel is public: no details are posted here. Make it private."
        if channel != self._workspace.channel_id(subject.channel):
            return "Details are shown in its own channel only."
        name = self._messages.name(channel)
        if not self._workspace.is_privacy_known(subject.channel):
            return f"Slack has not said yet who can read {name}: details follow once it has."
        return f"{name} is public: no details are posted here. Make it private."


def _card(card: IncidentCard, redacted: str | None, zone: tzinfo) -> Message:
    return card_view(card, redacted=redacted, zone=zone)


def _notice(card: IncidentCard, redacted: str | None, zone: tzinfo) -> Message:
    return notice_view(card, redacted=redacted, zone=zone)


def _leadership(card: IncidentCard, redacted: str | None, zone: tzinfo) -> Message:
    return leadership_view(card, redacted=redacted, zone=zone)


def _alert(card: AlertCard, redacted: str | None, zone: tzinfo) -> Message:
    return alert_view(card, redacted=redacted, zone=zone)


def _change(card: ChangeCard, _redacted: str | None, zone: tzinfo) -> Message:
    return change_view(card, zone=zone)


def _run(card: RunCard, redacted: str | None, zone: tzinfo) -> Message:
    return run_view(card, redacted=redacted, zone=zone)


def _span(card: SpanCard, _redacted: str | None, zone: tzinfo) -> Message:
    return span_view(card, zone=zone)


def _call(card: CallCard, _redacted: str | None, zone: tzinfo) -> Message:
    return call_view(card, zone=zone)


_VIEWS: dict[Face, Callable[[Any, str | None, tzinfo], Message]] = {
    Face.CARD: _card,
    Face.NOTICE: _notice,
    Face.LEADERSHIP: _leadership,
    Face.ALERT: _alert,
    Face.RUN: _run,
    Face.CALL: _call,
    Face.CHANGE: _change,
    Face.SPAN: _span,
}
"""How each face is laid out. The text is why outsiders may not read it there; None where they cannot."""
