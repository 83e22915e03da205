"""The buttons and the menu of an alert group's card, and what their values mean."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.alert import AlertGroup, AlertSource, AlertState
from bot.domain.alert_card import AlertCard
from bot.domain.errors import InvalidError
from bot.views.blocks import Block, actions, button, overflow

ACKNOWLEDGE = "alert.acknowledge"
UNACKNOWLEDGE = "alert.unacknowledge"
ESCALATE = "alert.escalate"
SILENCE = "alert.silence"
UNSILENCE = "alert.unsilence"
DECLARE = "alert.declare"
LIST = "alert.list"
MORE = "alert.more"
"""The menu's action id; which of the others was chosen is in the option's value."""

BLOCK_ID = "alert.actions"

HOUR, FOUR_HOURS, DAY, BUSINESS_DAY = "1h", "4h", "1d", "business-day"
"""How long a silence is asked for. The last one ends when the next business day opens."""

_ACTIONS = frozenset({ACKNOWLEDGE, UNACKNOWLEDGE, ESCALATE, SILENCE, UNSILENCE, DECLARE, LIST})
_LENGTHS = frozenset({HOUR, FOUR_HOURS, DAY, BUSINESS_DAY})
_HIGHEST_EPOCH = 2**31 - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """What a button or a choice asks for: of which group, and on a card of which epoch.

    `length` is how long a silence is to last.
    """

    action: str
    id: str
    epoch: int
    length: str = ""


def encode(pressed: Pressed) -> str:
    """A button's value, or a menu option's."""
    return f"{pressed.action}|{pressed.length}|{pressed.id}:{pressed.epoch}"


def decode(value: str) -> Pressed:
    """The inverse of `encode`. Raises InvalidError for a value that no card of ours carries."""
    action, _, rest = value.partition("|")
    length, _, target = rest.partition("|")
    group_id, _, epoch = target.rpartition(":")
    known = action in _ACTIONS and (length in _LENGTHS if action == SILENCE else not length)
    numbered = epoch.isascii() and epoch.isdigit() and len(epoch) <= len(str(_HIGHEST_EPOCH))
    if not (known and group_id and numbered):
        raise InvalidError("That button cannot be read. Use the alert's newest card.")
    return Pressed(action=action, id=group_id, epoch=int(epoch), length=length)


def buttons(shown: AlertCard) -> Iterator[Block]:
    """Two that are seen, the rest in a menu. What would change nothing is not offered."""
    group = shown.group
    if not group.is_open:
        return
    first = _storm_buttons(group) if group.source is AlertSource.STORM else _first(shown)
    menu = list(_menu(shown))
    yield actions(BLOCK_ID, *first, *([overflow(MORE, menu)] if menu else []))


def acknowledge_only(group: AlertGroup) -> Iterator[Block]:
    """What stands where the group itself must not be shown: whoever is paged can stop it."""
    if group.waits:
        yield actions(BLOCK_ID, _acknowledge(group, "Acknowledge"))


def _first(shown: AlertCard) -> Iterator[Block]:
    group = shown.group
    if group.state is AlertState.SILENCED:
        yield _plain(group, "End silence", UNSILENCE)
        return
    if group.waits:
        yield _acknowledge(group, "Acknowledge")
    if can_be_silenced(group):
        yield _plain(group, "Silence 1 h", SILENCE, HOUR)
    if not group.waits and _may_declare(shown):
        yield _plain(group, "Declare incident", DECLARE)


def _storm_buttons(group: AlertGroup) -> Iterator[Block]:
    if group.waits:
        yield _acknowledge(group, "Acknowledge all")
    yield _plain(group, "List them", LIST)


def _menu(shown: AlertCard) -> Iterator[tuple[str, str]]:
    group = shown.group
    if can_be_silenced(group):
        yield "Silence 4 h", _value(group, SILENCE, FOUR_HOURS)
        yield "Silence 1 d", _value(group, SILENCE, DAY)
        yield "Silence until the next business day", _value(group, SILENCE, BUSINESS_DAY)
    in_menu = group.waits or group.state is AlertState.SILENCED or group.source is AlertSource.STORM
    if in_menu and _may_declare(shown):
        yield "Declare incident", _value(group, DECLARE)
    if group.state is AlertState.ACKNOWLEDGED:
        yield "Unacknowledge", _value(group, UNACKNOWLEDGE)
    if group.state is not AlertState.SILENCED and group.path.rungs:
        yield f"Escalate now to {group.path.rung(group.next_step).title}", _value(group, ESCALATE)


def can_be_silenced(group: AlertGroup) -> bool:
    """Whether Alertmanager knows of it: what the bot itself says is not there to be kept quiet."""
    return group.source is AlertSource.ALERTMANAGER


def _may_declare(shown: AlertCard) -> bool:
    return shown.incident is None or not shown.incident.is_open


def _acknowledge(group: AlertGroup, label: str) -> Block:
    return button(label, ACKNOWLEDGE, _value(group, ACKNOWLEDGE), style="primary")


def _plain(group: AlertGroup, label: str, action: str, length: str = "") -> Block:
    return button(label, action, _value(group, action, length))


def _value(group: AlertGroup, action: str, length: str = "") -> str:
    return encode(Pressed(action=action, id=group.id, epoch=group.epoch, length=length))
