from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.page import PageRecord, PageState, page_key, page_summary
from bot.domain.severity import Severity
from tests.support.builders import a_page, a_path, an_incident, path_of
from tests.support.clock import MONDAY_NOON

NOW = MONDAY_NOON


def summary(step: int, *, service: str | None = "payment", asked_by: str | None = None) -> str:
    incident = an_incident(path=path_of(Severity.P0), service=service)
    return page_summary(incident, step, asked_by=asked_by)


def test_the_first_page_says_what_is_broken_and_how_many_are_to_be_reached() -> None:
    assert summary(0) == "P0 #42 checkout is down · payment · step 1 of 3"


def test_a_further_page_says_who_did_not_acknowledge_and_for_how_long() -> None:
    assert summary(1) == (
        "P0 #42 checkout is down · payment · step 2 of 3, on-call did not acknowledge in 15 min"
    )
    assert summary(2) == (
        "P0 #42 checkout is down · payment · step 3 of 3, team-lead did not acknowledge in 15 min"
    )


def test_a_repeated_page_says_that_nobody_has_acknowledged() -> None:
    assert summary(3) == "P0 #42 checkout is down · payment · page 4, nobody acknowledged in 15 min"


def test_the_time_that_was_waited_is_the_severitys_own() -> None:
    incident = an_incident(severity=Severity.P1, path=path_of(Severity.P1))
    assert page_summary(incident, 1).endswith("on-call did not acknowledge in 1 h")


def test_a_page_that_somebody_asked_for_names_them_instead_of_blaming_the_tier_before() -> None:
    assert summary(1, asked_by="Ana") == ("P0 #42 checkout is down · payment · step 2 of 3, asked for by Ana")


def test_a_repeat_that_somebody_asked_for_names_them() -> None:
    assert summary(4, asked_by="Ana").endswith(" · page 5, asked for by Ana")


def test_without_a_service_the_summary_leaves_it_out() -> None:
    assert summary(0, service=None) == "P0 #42 checkout is down · step 1 of 3"


def test_a_security_incident_shows_neither_its_title_nor_its_service() -> None:
    incident = an_incident(security=True, title="customer data is leaking", service="payment")
    assert page_summary(incident, 0) == "P0 #42 Security incident 42 · step 1 of 3"


def test_a_summary_fits_what_the_paging_service_takes() -> None:
    path = a_path("t" * 60, "b", response=timedelta(days=1, minutes=7))
    incident = an_incident(title="x" * 200, service="s" * 100, path=path)
    assert len(page_summary(incident, 1)) <= 1024


def test_every_step_of_every_epoch_has_a_key_of_its_own() -> None:
    keys = {page_key("i42", epoch, step) for epoch in range(1, 4) for step in range(5)}
    assert len(keys) == 15
    assert page_key("i42", 2, 3) == "i42/2/3"


@pytest.mark.parametrize(
    ("page", "state"),
    [
        (a_page(), PageState.WAITING),
        (a_page(sent_at=NOW), PageState.WAITING),
        (a_page(sent_at=NOW, accepted_at=NOW), PageState.ACCEPTED),
        (a_page(sent_at=NOW, accepted_at=NOW, confirmed_at=NOW), PageState.CONFIRMED),
        (a_page(sent_at=NOW, confirmed_at=NOW), PageState.CONFIRMED),
        (a_page(dropped_at=NOW), PageState.DROPPED),
        (a_page(via=None), PageState.UNREACHABLE),
    ],
)
def test_a_pages_state_is_the_furthest_that_it_has_come(page: PageRecord, state: PageState) -> None:
    assert page.state is state
