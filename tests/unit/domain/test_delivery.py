from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import (
    ABOUT_NOTHING,
    CHAT_TRIES,
    ROOM_WORK,
    SILENCE_WORK,
    DeliveryKind,
    NextMove,
    Recipient,
    after_failure,
    priority,
)
from bot.domain.face import Face
from bot.domain.lane import LONGEST_SHUT
from bot.domain.severity import Severity
from bot.services.slo_settling import TRIES

PAGES = [DeliveryKind.PAGE, DeliveryKind.PAGE_LEVEL]
OTHERS = [kind for kind in DeliveryKind if kind not in PAGES]


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def test_faces_lines_drafts_and_rooms_go_to_the_chat_and_all_else_to_the_pager() -> None:
    chat = {kind for kind in DeliveryKind if kind.recipient is Recipient.CHAT}
    others = {
        DeliveryKind.LINE,
        DeliveryKind.LOOK_AT_MESSAGE,
        DeliveryKind.DRAFT,
        DeliveryKind.RUNBOOK,
        *ABOUT_NOTHING,
    } - {
        DeliveryKind.PICTURE,
        DeliveryKind.HOME,
    }
    assert chat == {*(face.kind for face in Face), *ROOM_WORK, *others}


@pytest.mark.parametrize("face", Face)
def test_a_delivery_leads_to_the_face_that_it_shows(face: Face) -> None:
    assert Face.of(face.kind) is face


@pytest.mark.parametrize("kind", DeliveryKind)
def test_among_deliveries_of_one_kind_the_more_urgent_incident_goes_first(kind: DeliveryKind) -> None:
    ranks = [priority(kind, severity) for severity in Severity]
    assert ranks == sorted(set(ranks))


@pytest.mark.parametrize("page", PAGES)
def test_even_the_least_urgent_page_goes_before_everything_else_to_the_pager(page: DeliveryKind) -> None:
    others = [kind for kind in OTHERS if kind.recipient is Recipient.PAGER]
    assert all(priority(page, Severity.P3) < priority(kind, Severity.P0) for kind in others)


def test_acknowledgements_go_before_resolves() -> None:
    acknowledge = priority(DeliveryKind.PAGE_ACKNOWLEDGE, Severity.P3)
    assert acknowledge < priority(DeliveryKind.PAGE_RESOLVE, Severity.P0)


def test_a_line_that_mentions_somebody_goes_before_cards_and_cards_before_other_lines() -> None:
    loud = priority(DeliveryKind.LINE, Severity.P3, loud=True)
    assert loud < priority(DeliveryKind.CARD, Severity.P0)
    assert priority(DeliveryKind.CARD, Severity.P3) < priority(DeliveryKind.LINE, Severity.P0)


@pytest.mark.parametrize("kind", PAGES)
@given(attempts=st.integers(1, 100_000), permanent=st.booleans())
def test_a_page_is_never_given_up_and_never_waits_longer_than_half_a_minute(
    kind: DeliveryKind, attempts: int, *, permanent: bool
) -> None:
    verdict = after_failure(kind, attempts, permanent=permanent)
    assert verdict.move is NextMove.RETRY
    assert timedelta() < verdict.wait <= seconds(30)


@pytest.mark.parametrize("kind", PAGES)
def test_a_failing_page_is_tried_again_after_one_two_and_four_seconds(kind: DeliveryKind) -> None:
    waits = [after_failure(kind, attempt, permanent=False).wait for attempt in (1, 2, 3)]
    assert waits == [seconds(1), seconds(2), seconds(4)]


@pytest.mark.parametrize(("kind", "first"), [(DeliveryKind.PAGE, 3), (DeliveryKind.PAGE_LEVEL, 6)])
def test_people_are_told_of_a_page_that_fails_again_and_again(kind: DeliveryKind, first: int) -> None:
    told = [after_failure(kind, attempt, permanent=False).tell for attempt in range(1, 9)]
    assert told == [attempt >= first for attempt in range(1, 9)]


@pytest.mark.parametrize("kind", PAGES)
def test_people_are_told_at_once_of_a_page_that_is_refused(kind: DeliveryKind) -> None:
    verdict = after_failure(kind, 1, permanent=True)
    assert verdict.tell
    assert verdict.wait == seconds(30)


@pytest.mark.parametrize("kind", PAGES)
def test_a_page_waits_as_long_as_the_paging_service_asks(kind: DeliveryKind) -> None:
    assert after_failure(kind, 1, permanent=False, retry_after=seconds(7)).wait == seconds(7)


@pytest.mark.parametrize("kind", PAGES)
@pytest.mark.parametrize("permanent", [True, False])
def test_a_page_waits_no_longer_than_a_minute_whatever_is_asked(
    kind: DeliveryKind, *, permanent: bool
) -> None:
    asked = timedelta(hours=1)
    assert after_failure(kind, 1, permanent=permanent, retry_after=asked).wait == seconds(60)


@pytest.mark.parametrize("kind", sorted(SILENCE_WORK))
def test_silences_are_tried_until_their_time_is_over_and_told_of_after_three_tries(
    kind: DeliveryKind,
) -> None:
    verdicts = [after_failure(kind, attempt, permanent=False) for attempt in (1, 2, 3, 1000)]
    assert all(one.move is NextMove.RETRY for one in verdicts)
    assert [one.tell for one in verdicts] == [False, False, True, True]
    assert verdicts[-1].wait == timedelta(seconds=30)


@pytest.mark.parametrize("kind", OTHERS)
def test_nothing_waits_so_long_that_it_looks_like_the_work_of_a_clock_set_back(kind: DeliveryKind) -> None:
    verdict = after_failure(kind, CHAT_TRIES - 1, permanent=False, retry_after=timedelta(hours=1))
    assert timedelta(minutes=4) < verdict.wait < LONGEST_SHUT


@pytest.mark.parametrize("kind", OTHERS)
def test_anything_else_that_is_refused_is_given_up_and_told(kind: DeliveryKind) -> None:
    verdict = after_failure(kind, 1, permanent=True)
    assert verdict.move is NextMove.GIVE_UP
    assert verdict.tell


@pytest.mark.parametrize("kind", [kind for kind in OTHERS if kind not in SILENCE_WORK])
def test_anything_else_is_given_up_after_its_last_try(kind: DeliveryKind) -> None:
    assert after_failure(kind, CHAT_TRIES - 1, permanent=False).move is NextMove.RETRY
    assert after_failure(kind, CHAT_TRIES, permanent=False).move is NextMove.GIVE_UP


def test_slack_is_tried_for_about_three_hours() -> None:
    tries = range(1, CHAT_TRIES)
    total = sum(
        (after_failure(DeliveryKind.CARD, attempt, permanent=False).wait for attempt in tries), timedelta()
    )
    assert timedelta(hours=2) < total < timedelta(hours=4)


def test_a_rate_limit_of_slack_only_ever_lengthens_the_wait() -> None:
    card = DeliveryKind.CARD
    assert after_failure(card, 1, permanent=False, retry_after=seconds(30)).wait == seconds(30)
    assert after_failure(card, 6, permanent=False, retry_after=seconds(1)).wait == seconds(32)


def test_what_was_measured_is_asked_for_about_an_hour() -> None:
    tries = range(1, TRIES)
    total = sum(
        (after_failure(DeliveryKind.READING, attempt, permanent=False).wait for attempt in tries), timedelta()
    )
    assert timedelta(minutes=45) < total < timedelta(minutes=75)


def test_what_is_measured_has_a_dispatcher_of_its_own() -> None:
    measured = [kind for kind in DeliveryKind if kind.recipient is Recipient.METRICS]
    assert set(measured) == {
        DeliveryKind.READING,
        DeliveryKind.EVIDENCE,
        DeliveryKind.PICTURE,
        DeliveryKind.CHANGE_HEALTH,
    }


def test_asking_whose_a_review_is_takes_no_place_of_what_raises_levels() -> None:
    looks = [kind for kind in DeliveryKind if kind.recipient is Recipient.PAGER_LOOKS]
    assert looks == [DeliveryKind.PAGE_LEVEL, DeliveryKind.PAGE_CONFIRM]
    assert DeliveryKind.RUN_OWNER.recipient is Recipient.ON_CALL


def test_what_incidents_have_measured_goes_before_what_reviews_look_at() -> None:
    reading = priority(DeliveryKind.READING, Severity.P3)
    assert (
        reading < priority(DeliveryKind.EVIDENCE, Severity.P3) < priority(DeliveryKind.PICTURE, Severity.P3)
    )
