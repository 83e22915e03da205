"""Joins the calendar of changes: its commands, its buttons, and the forms behind them."""

from __future__ import annotations

from bot.adapters.clock import RandomIds
from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.calendar import ChangeCalendar
from bot.services.calendar_reading import CalendarReader
from bot.views.changes import calendar_buttons
from handlers.actions.calendar import CALENDAR_ACTIONS, calendar_presses
from handlers.actions.pressing import Pressing
from handlers.commands.change_calendar import CalendarCommands
from handlers.commands.doers import Doers
from handlers.modals.calendar import CalendarForms


def wire_change_calendar(inside: Inside) -> Part:
    """The buttons and the forms."""
    forms = _forms(inside)
    actions = Pressing(
        what="answering a button of the calendar",
        decode=calendar_buttons.decode,
        by_action=calendar_presses(_calendar(inside), forms),
        replies=inside.replies,
        after_ack=inside.after_ack,
        who=inside.who,
    )
    return Part(actions={CALENDAR_ACTIONS: actions.press}, forms=forms.by_callback)


def calendar_doers(inside: Inside) -> Doers:
    """Who carries out the lines of `/change` about it."""
    return CalendarCommands(
        calendar=_calendar(inside),
        reader=calendar_reader(inside),
        forms=_forms(inside),
        rights=inside.rights,
    ).doers


def calendar_reader(inside: Inside) -> CalendarReader:
    """What reads it."""
    outside = inside.outside
    return CalendarReader(
        store=outside.store, clock=outside.clock, directory=inside.directory, workspace=outside.workspace
    )


def _calendar(inside: Inside) -> ChangeCalendar:
    outside = inside.outside
    return ChangeCalendar(
        store=outside.store,
        clock=outside.clock,
        ids=RandomIds(),
        directory=inside.directory,
        rights=inside.rights,
    )


def _forms(inside: Inside) -> CalendarForms:
    return CalendarForms(
        calendar=_calendar(inside),
        replies=inside.replies,
        guide=inside.outside.guide,
        clock=inside.outside.clock,
        who=inside.who,
    )
