"""`/contacts` and `/oncall` over services that a test directs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from typing_extensions import override

from bot.domain.directory import Directory
from bot.domain.guide import Guide
from bot.domain.on_call import TierDuty
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.views.people.help import CONTACTS, ON_CALL
from handlers.after_ack import AfterAck
from handlers.bolt import SlashHandler
from handlers.commands.contacts import ContactsCommand
from handlers.commands.on_call import OnCallCommand
from tests.support.builders import a_calendar


class FakeOnCallReader(OnCallReader):
    """Knows nobody."""

    def __init__(self) -> None:
        """Needs nothing."""

    @override
    async def read(self, tiers: Iterable[str]) -> tuple[TierDuty, ...]:
        return ()


def people_commands(
    guide: Guide, clock: Clock, questions: Questions, replies: Replies, after_ack: AfterAck
) -> Mapping[str, SlashHandler]:
    """The slash commands by name."""
    directory = Directory(
        guide=guide, business=a_calendar(), has_key=bool, can_look_up=True, confirmable=True
    )
    on_call = OnCallCommand(
        reader=FakeOnCallReader(),
        questions=questions,
        directory=directory,
        channel_id=lambda _key: None,
        clock=clock,
        replies=replies,
        after_ack=after_ack,
    )
    contacts = ContactsCommand(guide=guide, channel_id=lambda _key: None)
    return {CONTACTS: contacts.slash, ON_CALL: on_call.slash}
