"""Joins whom to reach, who is on call, and paging them: commands, buttons, a form, and what is said."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.calls import Calls
from bot.services.on_call_reading import OnCallReader
from bot.services.questions import Questions
from bot.views.people import call_buttons
from bot.views.people.help import CONTACTS, ON_CALL, PAGE
from bot.views.people.page_asked import CALLBACK
from handlers.actions.calls import CALL_ACTIONS, asked_presses, call_presses
from handlers.actions.pressing import Pressing
from handlers.commands.contacts import ContactsCommand
from handlers.commands.on_call import OnCallCommand
from handlers.commands.page import PageCommand
from handlers.modals.page import PageForm


def wire_people(inside: Inside) -> Part:
    """Join them."""
    outside, channel_id = inside.outside, inside.outside.workspace.channel_id
    contacts = ContactsCommand(guide=outside.guide, channel_id=channel_id)
    reader = OnCallReader(who=inside.on_call, guide=outside.guide, clock=outside.clock)
    on_call = OnCallCommand(
        reader=reader,
        questions=Questions(store=outside.store, clock=outside.clock),
        directory=inside.directory,
        channel_id=channel_id,
        clock=outside.clock,
        replies=inside.replies,
        after_ack=inside.after_ack,
    )
    form = _form(inside)
    page = page_command(inside, reader, form)
    presses = Pressing(
        what="answering a page's button",
        decode=call_buttons.decode,
        by_action={
            **call_presses(calls_of(inside)),
            **asked_presses(calls_of(inside), inside.replies, inside.after_ack),
        },
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(
        commands={CONTACTS: contacts.slash, ON_CALL: on_call.slash, PAGE: page.slash},
        actions={CALL_ACTIONS: presses.press},
        forms={CALLBACK: form.submit},
        spoken={
            CONTACTS.removeprefix("/"): contacts.spoken,
            ON_CALL.removeprefix("/"): on_call.spoken,
            PAGE.removeprefix("/"): page.spoken,
        },
    )


def calls_of(inside: Inside) -> Calls:
    """The use cases of calls."""
    outside = inside.outside
    return Calls(store=outside.store, clock=outside.clock, directory=inside.directory, rights=inside.rights)


def page_command(inside: Inside, reader: OnCallReader, form: PageForm) -> PageCommand:
    """What carries out a line about calls."""
    outside = inside.outside
    return PageCommand(
        calls=calls_of(inside),
        form=form,
        reader=reader,
        questions=Questions(store=outside.store, clock=outside.clock),
        directory=inside.directory,
        clock=outside.clock,
        ids=RandomIds(),
        replies=inside.replies,
        after_ack=inside.after_ack,
    )


def _form(inside: Inside) -> PageForm:
    return PageForm(
        calls=calls_of(inside),
        rights=inside.rights,
        replies=inside.replies,
        guide=inside.outside.guide,
        clock=inside.outside.clock,
        ids=RandomIds(),
        who=inside.who,
    )
