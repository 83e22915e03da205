"""Joins whom to reach and who is on call: as commands, and where people talk to the bot."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.views.people.help import CONTACTS, ON_CALL
from handlers.commands.contacts import ContactsCommand
from handlers.commands.on_call import OnCallCommand


def wire_people(inside: Inside) -> Part:
    """Join them."""
    outside, channel_id = inside.outside, inside.outside.workspace.channel_id
    contacts = ContactsCommand(guide=outside.guide, channel_id=channel_id)
    on_call = OnCallCommand(
        reader=OnCallReader(who=inside.on_call, guide=outside.guide, clock=outside.clock),
        questions=Questions(store=outside.store, clock=outside.clock),
        directory=inside.directory,
        channel_id=channel_id,
        clock=outside.clock,
        replies=inside.replies,
        after_ack=inside.after_ack,
    )
    return Part(
        commands={CONTACTS: contacts.slash, ON_CALL: on_call.slash},
        spoken={
            CONTACTS.removeprefix("/"): contacts.spoken,
            ON_CALL.removeprefix("/"): on_call.spoken,
        },
    )
