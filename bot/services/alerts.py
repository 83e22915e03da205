"""What people do with an alert group: take it, give it back, reach the next tier. One transaction each."""

from __future__ import annotations

from bot.domain.alert import AlertGroup, AlertSource
from bot.domain.deed import Deed
from bot.domain.text import duration
from bot.services.alert_cards import read_alert_card
from bot.services.alert_changes import AlertChanges
from bot.services.alert_writing import acknowledge_alert, escalate_alert, unacknowledge_alert
from bot.services.record import Record
from bot.services.requests import Answer, Ref, Request


class Alerts:
    """Everything that people do with a group but to silence it, or to make it an incident."""

    def __init__(self, *, changes: AlertChanges) -> None:
        self._changes = changes

    async def acknowledge(self, request: Request, ref: Ref) -> Answer:
        """Take it: nobody is paged for it any more. With a storm, all that it stands for is taken."""

        def act(group: AlertGroup, record: Record) -> str:
            taken = acknowledge_alert(record, group)
            also = ""
            if group.source is AlertSource.STORM:
                members = sum(count for *_, count in record.tx.alert_groups.member_counts(group.id))
                also = f", and with it the {members} alerts that it stands for"
            return f"{taken.describe(record.now)}{also}."

        return await self._changes.carry_out(Deed.ACKNOWLEDGE, request, ref, act)

    async def unacknowledge(self, request: Request, ref: Ref) -> Answer:
        """Give it back: whoever is to be paged for it is paged anew."""

        def act(group: AlertGroup, record: Record) -> str:
            left = unacknowledge_alert(record, group)
            return f"{left.describe(record.now)}.{_reached(record, left)}"

        return await self._changes.carry_out(Deed.UNACKNOWLEDGE, request, ref, act)

    async def escalate(self, request: Request, ref: Ref) -> Answer:
        """Reach the next tier now. Whoever has taken it keeps it."""

        def act(group: AlertGroup, record: Record) -> str:
            return f"{group.label} is escalated.{_reached(record, escalate_alert(record, group))}"

        return await self._changes.carry_out(Deed.ESCALATE, request, ref, act)


def _reached(record: Record, group: AlertGroup) -> str:
    """Who is reached now, and who comes next."""
    card = read_alert_card(record.tx, group, record.directory)
    now_paged = [page for page in card.pages if page.epoch == group.epoch and page.requested_at == record.now]
    said = ""
    if now_paged:
        last = now_paged[-1]
        said = f" {last.title} is being paged." if last.via else f" {last.title} is mentioned in Slack."
    elif not group.path.pages:
        said = f" {card.team} is asked to look at it."
    step = card.next_step
    if step is None:
        return said
    verb, wait = ("paged" if step.pages else "mentioned"), duration(step.due - record.now)
    return f"{said} {step.title} is {verb} in {wait} unless somebody acknowledges."
