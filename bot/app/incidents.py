"""Joins what people do with incidents: by a line, by a card's buttons and menu, by forms."""

from __future__ import annotations

from collections.abc import Mapping

from bot.app.inside import Inside
from bot.app.part import Part
from bot.app.runbooks import runbooks_of
from bot.services.marks import Marks
from bot.services.merging import Merging
from bot.services.updates import Updates
from bot.views.declare import CALLBACK, SHORTCUT
from bot.views.update_form import CALLBACK as UPDATE_CALLBACK
from handlers.actions.incident import IncidentActions, Press
from handlers.actions.merging import merging_buttons
from handlers.actions.prompts import PROMPT_ACTIONS, PromptActions
from handlers.bolt import CARD_ACTIONS
from handlers.commands.course import Course
from handlers.commands.declaring import Declaring
from handlers.commands.looking import Looking
from handlers.commands.merging import merging_doers
from handlers.commands.updates import UpdateCommands
from handlers.modals.card import CardForms
from handlers.modals.others import other_deeds
from handlers.modals.update import UpdateForm


def wire_incidents(inside: Inside, buttons: Mapping[str, Press]) -> Part:
    """Join it. `buttons` are those of other parts that are pressed like a card's."""
    updates, merging, written = _updates(inside), _merging(inside), _update_form(inside)
    cards = _card_forms(inside, written)
    return Part(
        doers=(
            Declaring(incidents=inside.incidents, form=inside.declare, guide=inside.outside.guide).doers,
            Course(incidents=inside.incidents).doers,
            merging_doers(merging),
            UpdateCommands(updates=updates).doers,
            Looking(reader=inside.reader, clock=inside.outside.clock).doers,
        ),
        actions={
            CARD_ACTIONS: IncidentActions(
                incidents=inside.incidents,
                buttons={**merging_buttons(merging), **buttons},
                forms=cards,
                replies=inside.replies,
                after_ack=inside.after_ack,
                who=inside.who,
            ).press,
            PROMPT_ACTIONS: PromptActions(
                updates=updates,
                form=written,
                replies=inside.replies,
                after_ack=inside.after_ack,
                who=inside.who,
            ).press,
        },
        shortcuts={SHORTCUT: inside.declare.from_message},
        forms={CALLBACK: inside.declare.submit, UPDATE_CALLBACK: written.submit, **cards.by_callback},
    )


def _card_forms(inside: Inside, update: UpdateForm) -> CardForms:
    others = other_deeds(
        incidents=inside.incidents,
        updates=_updates(inside),
        marks=Marks(changes=inside.incident_changes, zone=inside.outside.guide.organization.zone),
        merging=_merging(inside),
        runbooks=runbooks_of(inside),
    )
    return CardForms(
        incidents=inside.incidents,
        others=others,
        update=update,
        reader=inside.reader,
        replies=inside.replies,
        who=inside.who,
    )


def _update_form(inside: Inside) -> UpdateForm:
    return UpdateForm(
        updates=_updates(inside),
        incidents=inside.incidents,
        reader=inside.reader,
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )


def _updates(inside: Inside) -> Updates:
    outside = inside.outside
    return Updates(store=outside.store, clock=outside.clock, directory=inside.directory, rights=inside.rights)


def _merging(inside: Inside) -> Merging:
    outside = inside.outside
    return Merging(store=outside.store, clock=outside.clock, directory=inside.directory, rights=inside.rights)
