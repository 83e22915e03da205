from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial

import pytest
from sqlalchemy import text

from bot.domain.card import MessageRef
from bot.domain.event import Event, EventData, EventKind
from bot.domain.face import Face
from bot.domain.mark import Mark, Way
from bot.domain.page import PageMark, PageRecord
from bot.ports.store import Transaction
from storage.open import OpenStore
from tests.integration.storage.rows import ANA, NOW, a_page, connection_of, seconds


def _append(tx: Transaction, subject: str, text: str = "x") -> Event:
    return tx.events.append(subject, at=NOW, actor=ANA, kind=EventKind.UPDATED, data={"text": text})


def _save(at: MessageRef, tx: Transaction) -> None:
    tx.messages.save("one", Face.CARD, at)


def _put(value: str, tx: Transaction) -> None:
    tx.facts.put("channel/ops", value)


async def test_events_are_numbered_from_one_within_their_subject(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[int]:
        return [_append(tx, subject).sequence for subject in ("one", "one", "two", "one")]

    assert await store.transaction("append", body) == [1, 2, 1, 3]


async def test_a_pulse_is_another_whenever_something_has_happened(store: OpenStore) -> None:
    def happens(after: int, subject: str) -> Callable[[Transaction], object]:
        at = NOW + timedelta(seconds=after)
        return lambda tx: tx.events.append(subject, at=at, actor=ANA, kind=EventKind.PAGED, data={})

    async def pulse(until: int = 999) -> str | None:
        return await store.read(lambda tx: tx.events.pulse(NOW + timedelta(seconds=until)))

    assert await pulse() is None
    seen = set()
    for after, subject in ((0, "one"), (5, "two"), (5, "one"), (2, "three"), (-40, "four")):
        await store.transaction("happen", happens(after, subject))
        seen.add(await pulse())
    assert len(seen) == 5, "what is dated a little earlier is noticed, too"
    assert await pulse() == await pulse(5)
    await store.transaction("happen", happens(500, "a clock that was set back since"))
    assert await pulse(100) in seen
    await store.transaction("happen", happens(90, "five"))
    assert await pulse(100) not in seen


async def test_an_event_comes_back_as_it_was(store: OpenStore) -> None:
    data: EventData = {"text": 'ünïcode "quoted"', "count": 3, "loud": True, "nothing": None}

    def body(tx: Transaction) -> Event:
        return tx.events.append("one", at=NOW, actor=ANA, kind=EventKind.PAGED, data=data)

    written = await store.transaction("append", body)
    assert await store.read(lambda tx: tx.events.one("one", 1)) == written


@pytest.mark.parametrize(
    ("after", "limit", "sequences"), [(0, 9, [1, 2, 3, 4, 5]), (0, 2, [4, 5]), (2, 2, [4, 5]), (4, 2, [5])]
)
async def test_a_history_is_read_up_to_its_newest_entry_the_oldest_first(
    store: OpenStore, after: int, limit: int, sequences: list[int]
) -> None:
    await store.transaction("append", lambda tx: [_append(tx, "one", str(n)) for n in range(5)])
    read = await store.read(lambda tx: tx.events.of("one", after=after, limit=limit))
    assert [event.sequence for event in read] == sequences


async def test_an_entry_that_only_newer_code_knows_leaves_the_rest_readable(store: OpenStore) -> None:
    newer = text(
        "INSERT INTO events (subject, sequence, at, actor_id, actor_name, kind, data) "
        "SELECT subject, sequence + 1, at, actor_id, actor_name, 'sung', data FROM events"
    )

    def body(tx: Transaction) -> None:
        _append(tx, "one", "0")
        connection_of(tx).execute(newer)
        _append(tx, "one", "2")

    await store.transaction("append", body)
    read = await store.read(lambda tx: tx.events.of("one"))
    assert [event.sequence for event in read] == [1, 3]


async def test_a_timeline_is_read_by_pages_without_what_was_said_about_its_entries(store: OpenStore) -> None:
    def body(tx: Transaction) -> None:
        for number in range(4):
            _append(tx, "one", str(number))
            tx.events.append("one", at=NOW, actor=ANA, kind=EventKind.CORRECTED, data={"of": 1, "text": "y"})
        _append(tx, "two")

    await store.transaction("append", body)

    def read(tx: Transaction) -> tuple[list[int], list[int], list[int], int, int]:
        newest = tx.events.page("one", limit=2)
        earlier = tx.events.page("one", before=newest[0].sequence, limit=9)
        about = tx.events.amendments("one", after=5)
        pages = [[event.sequence for event in page] for page in (newest, earlier, about)]
        return pages[0], pages[1], pages[2], tx.events.count("one", before=5), tx.events.count("one")

    assert await store.read(read) == ([5, 7], [1, 3], [6, 8], 2, 4)


async def test_a_marked_message_comes_back_as_it_was_until_it_is_forgotten(store: OpenStore) -> None:
    mark = Mark(at=MessageRef(channel="C1", ts="1.2"), incident="one", sequence=7, by="U1", way=Way.PIN)
    assert await store.read(lambda tx: tx.marks.at(mark.at)) is None
    await store.transaction("add", lambda tx: tx.marks.add(mark))
    assert await store.read(lambda tx: tx.marks.at(mark.at)) == mark
    await store.transaction("forget", lambda tx: tx.marks.forget(mark.at))
    assert await store.read(lambda tx: tx.marks.at(mark.at)) is None


async def test_an_entry_that_is_not_there_is_none(store: OpenStore) -> None:
    assert await store.read(lambda tx: tx.events.one("one", 1)) is None


async def test_a_step_has_one_page_only(store: OpenStore) -> None:
    added = await store.transaction("add", lambda tx: (tx.pages.add(a_page()), tx.pages.add(a_page())))
    assert added == (True, False)


def _mark(page: PageRecord, mark: PageMark, at: datetime, tx: Transaction) -> None:
    tx.pages.mark(page, mark, at)


@pytest.mark.parametrize("mark", list(PageMark))
async def test_a_mark_is_written_alone_and_its_first_instant_stays(store: OpenStore, mark: PageMark) -> None:
    page = a_page()
    await store.transaction("add", lambda tx: tx.pages.add(page))
    for at in (NOW + seconds(1), NOW + seconds(2)):
        await store.transaction("mark", partial(_mark, page, mark, at))
    marked = await store.read(lambda tx: tx.pages.one("one", 1, 0))
    assert marked is not None
    instants = {each: getattr(marked, each.value) for each in PageMark}
    assert instants == {each: NOW + seconds(1) if each is mark else None for each in PageMark}


async def test_a_page_that_was_not_sent_after_all_goes_under_another_key(store: OpenStore) -> None:
    page = a_page()

    def body(tx: Transaction) -> None:
        tx.pages.add(page)
        tx.pages.mark(page, PageMark.SENT, NOW)
        tx.pages.unsend(page)
        tx.pages.rekey(page, "other")
        tx.pages.name(page, "Q1")

    await store.transaction("add", body)
    read = await store.read(lambda tx: tx.pages.by_pager_incident("Q1"))
    assert read == replace(page, key="other", pager_incident="Q1")


async def test_marking_an_unknown_page_is_an_error(store: OpenStore) -> None:
    with pytest.raises(LookupError, match="never added"):
        await store.transaction("mark", lambda tx: tx.pages.mark(a_page(), PageMark.SENT, NOW))


async def test_an_incidents_pages_come_by_epoch_then_step(store: OpenStore) -> None:
    pages = [a_page(1, epoch=2), a_page(1), a_page(0, epoch=2), a_page(0)]
    await store.transaction("add", lambda tx: [tx.pages.add(page) for page in pages])
    read = await store.read(lambda tx: tx.pages.of("one"))
    assert [(page.epoch, page.step) for page in read] == [(1, 0), (1, 1), (2, 0), (2, 1)]


async def test_a_message_leads_to_its_subject_and_back(store: OpenStore) -> None:
    at = MessageRef(channel="C1", ts="1700000000.000100")
    await store.transaction("save", lambda tx: tx.messages.save("one", Face.CARD, at))
    read = await store.read(lambda tx: (tx.messages.of("one", Face.CARD), tx.messages.subject_at(at)))
    assert read == (at, "one")


async def test_the_last_message_is_another_one_whenever_one_has_been_posted(store: OpenStore) -> None:
    def body(tx: Transaction) -> list[int]:
        seen = [tx.messages.last()]
        for ts in ("1", "2"):
            tx.messages.save("one", Face.CARD, MessageRef(channel="C1", ts=ts))
            seen.append(tx.messages.last())
        return seen

    none, first, second = await store.transaction("save", body)
    assert none == 0 < first < second


async def test_a_card_that_moved_stands_where_it_was_put_last(store: OpenStore) -> None:
    first, second = MessageRef(channel="C1", ts="9"), MessageRef(channel="C2", ts="1")
    for at in (first, second, first):
        await store.transaction("save", partial(_save, at))
    assert await store.read(lambda tx: tx.messages.of("one", Face.CARD)) == first


async def test_an_older_thread_still_knows_its_subject(store: OpenStore) -> None:
    first, second = MessageRef(channel="C1", ts="1"), MessageRef(channel="C2", ts="2")
    for at in (first, second):
        await store.transaction("save", partial(_save, at))
    assert await store.read(lambda tx: tx.messages.subject_at(first)) == "one"


async def test_each_face_of_a_subject_stands_elsewhere_and_a_message_can_become_another(
    store: OpenStore,
) -> None:
    first, second = MessageRef(channel="C1", ts="1"), MessageRef(channel="C2", ts="2")

    def move(tx: Transaction) -> None:
        tx.messages.save("one", Face.CARD, first)
        tx.messages.save("one", Face.NOTICE, first)
        tx.messages.save("one", Face.CARD, second)

    await store.transaction("move", move)
    read = await store.read(
        lambda tx: [
            tx.messages.of("one", Face.CARD),
            tx.messages.of("one", Face.NOTICE),
            tx.messages.of("one", Face.LEADERSHIP),
        ]
    )
    assert read == [second, first, None]
    assert await store.read(lambda tx: (tx.messages.subject_at(first), tx.messages.subject_at(second))) == (
        "one",
        "one",
    )


async def test_a_receipt_gives_the_first_answer_again(store: OpenStore) -> None:
    await store.transaction("keep", lambda tx: tx.receipts.keep("slack", "1", "declared", NOW))
    read = await store.read(lambda tx: (tx.receipts.find("slack", "1"), tx.receipts.find("pagerduty", "1")))
    assert read == ("declared", None)


async def test_old_receipts_are_forgotten(store: OpenStore) -> None:
    def body(tx: Transaction) -> int:
        tx.receipts.keep("slack", "old", "x", NOW - seconds(1))
        tx.receipts.keep("slack", "new", "x", NOW)
        return tx.receipts.forget(NOW)

    assert await store.transaction("forget", body) == 1
    assert await store.read(lambda tx: tx.receipts.find("slack", "new")) == "x"


async def test_a_fact_is_what_was_put_last(store: OpenStore) -> None:
    for value in ("C1", "C2"):
        await store.transaction("put", partial(_put, value))
    read = await store.read(lambda tx: (tx.facts.get("channel/ops"), tx.facts.get("channel/other")))
    assert read == ("C2", None)
