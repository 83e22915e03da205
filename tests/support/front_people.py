"""`/contacts` and `/oncall` over services that a test directs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from typing_extensions import override

from bot.adapters.clock import RandomIds
from bot.domain.directory import Directory
from bot.domain.guide import Guide
from bot.domain.on_call import TierDuty
from bot.ports.clock import Clock
from bot.ports.conversation import Replies
from bot.services.calls import Calls
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.views.people.help import CONTACTS, ON_CALL, PAGE
from handlers.after_ack import AfterAck
from handlers.bolt import SlashHandler
from handlers.commands.contacts import ContactsCommand
from handlers.commands.on_call import OnCallCommand
from handlers.commands.page import PageCommand
from handlers.modals.page import PageForm
from handlers.who import Who
from tests.support.builders import EVERYBODY, a_calendar


class FakeOnCallReader(OnCallReader):
    """Knows nobody."""

    def __init__(self) -> None:
        """Needs nothing."""

    @override
    async def read(self, tiers: Iterable[str]) -> tuple[TierDuty, ...]:
        return ()


class FakeCalls(Calls):
    """Pages nobody."""

    def __init__(self) -> None:
        """Needs nothing."""


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
    calls = FakeCalls()
    form = PageForm(
        calls=calls,
        rights=EVERYBODY,
        replies=replies,
        guide=guide,
        clock=clock,
        ids=RandomIds(),
        who=Who(name_of=lambda _user: None),
    )
    page = PageCommand(
        calls=calls,
        form=form,
        reader=FakeOnCallReader(),
        questions=questions,
        directory=directory,
        clock=clock,
        ids=RandomIds(),
        replies=replies,
        after_ack=after_ack,
    )
    return {CONTACTS: contacts.slash, ON_CALL: on_call.slash, PAGE: page.slash}
