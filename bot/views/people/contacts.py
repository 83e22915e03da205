"""Whom to reach, and how: the guide's emergency contacts, teams and vendors."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from urllib.parse import quote

from bot.domain.guide import Channel, Contact, Guide, Team, Vendor
from bot.views.blocks import SECTION_TEXT, Block, Message, context, message, section
from bot.views.markup import Markup, bold, inert, joined

ChannelId = Callable[[str], str | None]
"""Slack's id of a channel of the guide, by its key; None where it is not known."""

_EMAIL = re.compile(r"[^\s@<>|]+@[^\s@<>|]+")
_HOW_LIMIT = 1000
_SPOKEN = 1000
_SLACK_ID = re.compile(r"[A-Z][A-Z0-9]{1,20}")


def contacts_message(
    contacts: Sequence[Contact],
    teams: Sequence[Team],
    vendors: Sequence[Vendor],
    *,
    guide: Guide,
    channel_id: ChannelId,
) -> Message:
    """These of the guide, by kind. Nobody is notified by it."""
    parts = {
        "Emergency contacts": [_contact(one, guide, channel_id) for one in contacts],
        "Teams": [_team(one, guide, channel_id) for one in teams],
        "Vendors": [_vendor(one) for one in vendors],
    }
    shown = {title: lines for title, lines in parts.items() if lines}
    blocks: list[Block] = [
        section(Markup(f"{bold(Markup(title))}\n{joined(lines, chr(10), SECTION_TEXT - 100)}"))
        for title, lines in shown.items()
    ]
    if "Emergency contacts" in shown:
        blocks.append(context(Markup("Who is on call now: `/oncall`. To page them: `/page`.")))
    names = [*(one.title for one in contacts), *(one.title for one in teams)]
    names += [one.title for one in vendors]
    text = joined((inert(name) for name in names), ", ", _SPOKEN)
    return message(Markup(f"Whom to reach: {text}"), blocks or [section(_nobody())])


def channel_name(key: str, guide: Guide, channel_id: ChannelId) -> Markup:
    """A channel of the guide, to be opened where it is known."""
    found, channel = channel_id(key), guide.channels.get(key)
    if found is not None and _SLACK_ID.fullmatch(found):
        return Markup(f"<#{found}>")
    return inert(f"#{channel.name if channel else key}")


def _contact(contact: Contact, guide: Guide, channel_id: ChannelId) -> Markup:
    how = inert(contact.how, _HOW_LIMIT)
    if contact.channel is not None:
        where = channel_name(contact.channel, guide, channel_id)
        only = _only_names(contact.how, guide.channels.get(contact.channel))
        how = where if only else Markup(f"{how} ({where})")
    return Markup(f"{bold(inert(contact.title))}: {how}")


def _only_names(how: str, channel: Channel | None) -> bool:
    """Whether it says no more than which channel it is: `Slack #platform-alerts`."""
    if channel is None:
        return False
    said = how.casefold().removeprefix("slack").strip(" :.")
    return said == f"#{channel.name}".casefold()


def _team(team: Team, guide: Guide, channel_id: ChannelId) -> Markup:
    ways = [channel_name(team.channel, guide, channel_id)]
    if team.email:
        ways.append(_email(team.email))
    if not team.mention:
        ways.append(Markup("nobody is mentioned for it: the guide names no group"))
    return Markup(f"{bold(inert(team.title))}: {' · '.join(ways)}")


def _vendor(vendor: Vendor) -> Markup:
    how = inert(vendor.contact, _HOW_LIMIT) if vendor.contact else _not_said(vendor)
    return Markup(f"{bold(inert(vendor.title))}: {inert(vendor.purpose, _HOW_LIMIT)} · {how}")


def _not_said(vendor: Vendor) -> Markup:
    return Markup(f"the guide does not say how: `vendors.{inert(vendor.key)}.contact`")


def _email(address: str) -> Markup:
    if not _EMAIL.fullmatch(address):
        return inert(address)
    return Markup(f"<mailto:{quote(address, safe='@.+-_')}|{inert(address)}>")


def _nobody() -> Markup:
    return Markup("The guide names nobody: fill in `contacts`, `teams` and `vendors`.")
