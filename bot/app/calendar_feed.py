"""Joins the calendar's feed, where its path's secret part is set."""

from __future__ import annotations

from bot.app.inside import Inside
from bot.app.part import Part
from bot.services.calendar_feed import CalendarFeed
from handlers.calendar_feed import FEED_PATH, FeedPage


def wire_calendar_feed(inside: Inside) -> Part:
    """Join it."""
    secret = inside.outside.settings.opsbot_calendar_token
    token = secret.get_secret_value() if secret is not None else ""
    page = FeedPage(feed=_feed(inside) if token else None, token=token)
    return Part(gets={FEED_PATH: page.get})


def _feed(inside: Inside) -> CalendarFeed:
    from bot.adapters.ics import IcsWriter  # noqa: PLC0415 - not imported where it is not used

    outside = inside.outside
    return CalendarFeed(
        store=outside.store,
        clock=outside.clock,
        directory=inside.directory,
        workspace=outside.workspace,
        writer=IcsWriter(),
    )
