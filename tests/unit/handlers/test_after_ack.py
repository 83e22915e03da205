from __future__ import annotations

import asyncio

import pytest

from bot.ports.failures import PermanentFailure
from handlers.after_ack import MOST_AT_ONCE, AfterAck


async def test_work_is_finished_before_the_group_is_left() -> None:
    done: list[str] = []

    async def work() -> None:
        done.append("yes")

    async with AfterAck() as after_ack:
        after_ack.start(work(), what="work")
    assert done == ["yes"]


async def test_a_failure_is_logged_and_touches_nothing_else(caplog: pytest.LogCaptureFixture) -> None:
    done: list[str] = []

    async def fail() -> None:
        raise RuntimeError("boom")

    async def work() -> None:
        done.append("yes")

    async with AfterAck() as after_ack:
        after_ack.start(fail(), what="the first")
        after_ack.start(work(), what="the second")
    assert done == ["yes"]
    assert "the first failed" in caplog.text
    assert "boom" in caplog.text


async def test_work_that_takes_too_long_is_given_up(caplog: pytest.LogCaptureFixture) -> None:
    async with AfterAck(deadline=0.01) as after_ack:
        after_ack.start(forever(), what="waiting")
    assert "waiting took longer than 0.01 s" in caplog.text


async def test_too_much_at_once_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    opened = asyncio.Event()
    done: list[int] = []

    async def work(number: int) -> None:
        await opened.wait()
        done.append(number)

    async with AfterAck() as after_ack:
        for number in range(MOST_AT_ONCE + 1):
            after_ack.start(work(number), what=f"work {number}")
        opened.set()
    assert len(done) == MOST_AT_ONCE
    assert f"work {MOST_AT_ONCE} is dropped" in caplog.text


async def test_work_after_the_end_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    async def work() -> None:
        raise AssertionError

    async with AfterAck() as after_ack:
        pass
    after_ack.start(work(), what="late work")
    assert "late work is dropped: the bot is stopping" in caplog.text


async def test_an_error_of_the_block_comes_out_as_it_is() -> None:
    with pytest.raises(KeyError):
        async with AfterAck():
            raise KeyError


async def test_a_cancelled_block_ends_what_still_runs() -> None:
    entered = asyncio.Event()

    async def block() -> None:
        async with AfterAck() as after_ack:
            after_ack.start(forever(), what="waiting")
            entered.set()
            await forever()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(block())
        await entered.wait()
        task.cancel()
    assert task.cancelled()


async def forever() -> None:
    await asyncio.Event().wait()


async def test_a_call_that_slack_refuses_is_one_line_in_the_log(caplog: pytest.LogCaptureFixture) -> None:
    async def refused() -> None:
        raise PermanentFailure("expired_url")

    async with AfterAck() as after_ack:
        after_ack.start(refused(), what="refusing a button")
    assert "refusing a button failed: expired_url" in caplog.text
    assert "Traceback" not in caplog.text
