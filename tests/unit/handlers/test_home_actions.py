from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.errors import AlreadyError
from bot.ports.failures import TemporaryFailure
from bot.ports.store import StoreUnavailable
from bot.services.requests import Request
from bot.views.blocks import Message
from bot.views.home.buttons import ACKNOWLEDGE, SLOS
from bot.views.replies import answer
from handlers.actions.home import HomeActions, open_measured
from handlers.after_ack import AfterAck
from handlers.failures import Failures
from handlers.inbound import check
from handlers.who import Who
from tests.support.fakes_services import GUIDE, FakeHomes, FakeReplies
from tests.support.slack_limits import text_objects


def pressed(action_id: str, **action: Any) -> dict[str, Any]:
    return {
        "type": "block_actions",
        "trigger_id": "T1",
        "user": {"id": "U0ANA0001", "username": "ana"},
        "container": {"type": "view", "view_id": "V9"},
        "view": {"id": "V9", "type": "home"},
        "actions": [{"action_id": action_id, "action_ts": "1.0", "value": "i1:1", **action}],
    }


class Pressing:
    """A Home tab's buttons over fakes; `done` is what was asked of the deed."""

    def __init__(self, error: Exception | None = None, trouble: TemporaryFailure | None = None) -> None:
        self.done: list[str] = []
        self.homes, self.replies, self.after_ack = FakeHomes(), FakeReplies(), AfterAck()
        self._error, self._trouble = error, trouble
        self.actions = HomeActions(
            deeds={ACKNOWLEDGE: self._do},
            opens={SLOS: open_measured("SLOs", self._measured, self.replies, self.after_ack)},
            homes=self.homes,
            replies=self.replies,
            after_ack=self.after_ack,
            who=Who(name_of={"U0LEE0001": "Lee"}.get),
        )

    async def press(self, body: Mapping[str, Any]) -> None:
        async with self.after_ack:
            await self.actions.press(body)

    def windows(self) -> list[tuple[str, str]]:
        """What was opened, or changed, with what is read there."""
        return [
            (of, " ".join(one["text"] for one in text_objects(view["blocks"])))
            for of, view in self.replies.views
        ]

    async def _do(self, request: Request, value: str) -> None:
        assert request.channel is None
        if self._error is not None:
            raise self._error
        self.done.append(value)

    async def _measured(self) -> Message:
        if self._trouble is not None:
            raise self._trouble
        return answer("82 % of the error budget left")


async def test_what_is_done_is_shown_at_once_to_the_one_who_pressed() -> None:
    pressing = Pressing()
    await pressing.press(pressed(ACKNOWLEDGE))
    assert pressing.done == ["i1:1"]
    assert pressing.homes.opened_by == ["U0ANA0001"]
    assert pressing.windows() == []


async def test_a_refusal_opens_over_it_and_the_tab_is_shown_anew_all_the_same() -> None:
    pressing = Pressing(AlreadyError("Nothing to do: P0 #1 was acknowledged by lee."))
    await pressing.press(pressed(ACKNOWLEDGE))
    assert pressing.windows() == [("T1", "Nothing to do: P0 #1 was acknowledged by lee.")]
    assert pressing.homes.opened_by == ["U0ANA0001"]


@pytest.mark.parametrize("body", [pressed("home.unheard_of"), pressed(ACKNOWLEDGE, value=None)])
async def test_a_button_of_another_version_is_told_apart(body: dict[str, Any]) -> None:
    pressing = Pressing()
    await pressing.press(body)
    [(_, said)] = pressing.windows()
    assert "of another version of opsbot; nothing was done." in said


async def test_what_has_to_be_measured_opens_first_and_is_filled_in_then() -> None:
    pressing = Pressing()
    await pressing.press(pressed(SLOS))
    assert pressing.windows() == [("T1", "Asking Prometheus …"), ("V1", "82 % of the error budget left")]


async def test_what_cannot_be_measured_says_why() -> None:
    pressing = Pressing(trouble=TemporaryFailure("Prometheus is away."))
    await pressing.press(pressed(SLOS))
    assert pressing.windows()[-1] == ("V1", "There is no answer: Prometheus is away.")


async def test_a_failure_is_told_in_a_window_where_no_message_can_stand() -> None:
    pressing = Pressing(StoreUnavailable("gone"))
    body = pressed(ACKNOWLEDGE)
    failures = Failures(guide=GUIDE, replies=pressing.replies, after_ack=pressing.after_ack)
    with pytest.raises(StoreUnavailable) as failed:
        await pressing.actions.press(body)
    async with pressing.after_ack:
        assert failures.reply(failed.value, check(body)).status == 200
    [(trigger, said)] = pressing.windows()
    assert trigger == "T1"
    assert "The database does not answer" in said
