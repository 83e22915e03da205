"""Ten services, each with something that makes its numbers hard to read."""

from __future__ import annotations

from functools import cache

from tests.support.history import DAY, END, HOUR, MINUTE, Episode, History, Instance, Probe

STARTED = END - 15 * DAY - 5 * HOUR
"""Since when `content` is there: 15.2 days before the end."""
VANISHED = END - 10 * DAY
"""Until when `legacy` was there."""
FAILED_ONCE = END - 5 * HOUR - 10 * MINUTE
"""When the one request to `ledger` failed."""
NOT_SCRAPED = END - 5 * DAY, END - 5 * DAY + 5 * HOUR
"""When `payment` was not scraped."""
PROBED = "https://suuupra.com"

_USUAL = {"404": 0.008, "500": 0.0002, "503": 0.0001}


def _ago(days: int, hours: int = 0, minutes: int = 0) -> int:
    return END - days * DAY - hours * HOUR - minutes * MINUTE


def _restarting() -> list[Instance]:
    """Three instances, each with restarts of its own, also within the last hour; it burns fast just now."""
    bad_now = Episode(since=_ago(0, 1), until=END, statuses={"500": 0.02}, within={"0.15": 0.90})
    bad_night = Episode(since=_ago(20, 6), until=_ago(20, 2), statuses={"503": 0.05})
    restarts = {
        "a": (_ago(45), _ago(25), _ago(12), _ago(2, 3), _ago(0, 0, 35)),
        "b": (_ago(31), _ago(6, 2), _ago(1), _ago(0, 4)),
        "c": (_ago(29, 23),),
    }
    within = {"0.05": 0.60, "0.1": 0.90, "0.15": 0.97, "0.3": 0.99}
    return [
        Instance(
            service="api-gateway",
            name=f"{name}:8080",
            per_second=20 + number,
            statuses=_USUAL,
            within=within,
            episodes=(bad_night, bad_now),
            restarts=when,
        )
        for number, (name, when) in enumerate(restarts.items())
    ]


def _never_failing() -> Instance:
    """No request has ever failed, so that there is no series of failed ones."""
    return Instance(
        service="identity",
        name="a:8080",
        per_second=9,
        statuses={"404": 0.02},
        within={"0.1": 0.8, "0.2": 0.98, "0.4": 0.999},
        restarts=(_ago(3, 1),),
    )


def _odd_bounds() -> list[Instance]:
    """0.5 is none of the bounds; nobody scraped it for five hours, in which an instance restarted."""
    within = {"0.1": 0.3, "0.25": 0.7, "0.4": 0.93, "0.75": 0.99}
    return [
        Instance(
            service="payment",
            name=f"{name}:8080",
            per_second=4,
            statuses=_USUAL,
            within=within,
            gaps=(NOT_SCRAPED,),
            restarts=restarts,
        )
        for name, restarts in (("a", (NOT_SCRAPED[0], _ago(1))), ("b", ()))
    ]


def _late() -> Instance:
    """It is there only since the middle of the last thirty days."""
    return Instance(
        service="content",
        name="a:8080",
        per_second=12,
        statuses={"404": 0.01, "500": 0.003},
        within={"0.15": 0.6, "0.3": 0.96, "0.5": 0.99},
        since=STARTED,
    )


def _mixed_bounds() -> list[Instance]:
    """Two versions of it, whose histograms have other bounds."""
    bounds = {
        "a": {"0.1": 0.55, "0.3": 0.96, "1.0": 0.999},
        "b": {"0.1": 0.5, "0.2": 0.8, "0.5": 0.98, "1.0": 0.999},
    }
    return [
        Instance(service="search", name=f"{name}:8080", per_second=6, statuses=_USUAL, within=within)
        for name, within in bounds.items()
    ]


def _whole_bounds() -> list[Instance]:
    """Two versions of it, which write the bound of one second in two ways."""
    return [
        Instance(
            service="batch",
            name=f"{name}:8080",
            per_second=2,
            statuses={"500": 0.001},
            within={"0.5": 0.7, one: 0.96, "2.5": 0.99},
        )
        for name, one in (("a", "1"), ("b", "1.0"))
    ]


def _rarely_used() -> Instance:
    """Three requests an hour, one of which failed."""
    return Instance(
        service="ledger",
        name="a:8080",
        per_second=3 / 3600,
        statuses={"500": 0.0},
        within={"0.3": 0.9, "0.5": 1.0},
        failures=(FAILED_ONCE,),
    )


def _vanished() -> Instance:
    """It is there no more."""
    return Instance(
        service="legacy", name="a:8080", per_second=1, statuses=_USUAL, within={"0.5": 0.97}, until=VANISHED
    )


def _idle() -> Instance:
    """It is there, and nobody has asked it anything for 35 days."""
    return Instance(
        service="reports",
        name="a:8080",
        per_second=1,
        statuses={"500": 0.001},
        within={"0.5": 0.97},
        idle_since=_ago(35),
    )


@cache
def history() -> History:
    """What they went through."""
    return History(
        instances=(
            *_restarting(),
            _never_failing(),
            *_odd_bounds(),
            _late(),
            *_mixed_bounds(),
            *_whole_bounds(),
            _rarely_used(),
            _vanished(),
            _idle(),
        ),
        probes=(
            Probe(
                target=PROBED,
                down=(
                    (_ago(20, 5), _ago(20, 4)),
                    (_ago(2), _ago(2) + 20 * MINUTE),
                    (_ago(0, 1), _ago(0, 1) + 5 * MINUTE),
                ),
            ),
        ),
    )
