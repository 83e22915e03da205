"""`/contacts`, and the same in mentions and direct messages. Nobody has to be asked for it."""

from __future__ import annotations

from bot.domain.guide import Guide
from bot.services.requests import Request
from bot.views.blocks import Message
from bot.views.people.contacts import ChannelId, contacts_message
from bot.views.people.help import contacts_help
from handlers.telling import Tell
from handlers.words.contacts import ShowContacts, parse_contacts


class ContactsCommand:
    """Says whom to reach, and how."""

    def __init__(self, *, guide: Guide, channel_id: ChannelId) -> None:
        self._guide = guide
        self._channel_id = channel_id

    async def slash(self, text: str, _request: Request, _trigger: str) -> Message:
        """Carry out the slash command. Raises NotFoundError."""
        return self._answer(text)

    async def spoken(self, text: str, _request: Request, _tell: Tell) -> Message:
        """The same where people talk to the bot."""
        return self._answer(text)

    def _answer(self, text: str) -> Message:
        command = parse_contacts(text, self._guide)
        if not isinstance(command, ShowContacts):
            return contacts_help()
        return contacts_message(
            command.contacts,
            command.teams,
            command.vendors,
            guide=self._guide,
            channel_id=self._channel_id,
        )
