from __future__ import annotations

from bot.domain.alert_card import apart, in_common, newest
from tests.support.alert_cards import an_alert
from tests.support.cards import after


def test_what_fires_comes_before_what_is_over_and_the_newest_first() -> None:
    old, new = an_alert("old"), an_alert("new", starts_at=after(5))
    over = an_alert("over", starts_at=after(9), ends_at=after(10))

    assert newest([over, old, new]) == (new, old, over)


def test_each_label_set_is_listed_once_as_it_was_told_last() -> None:
    first = an_alert("node-1", ends_at=after(2))
    second = an_alert("node-1", starts_at=after(3))

    assert newest([first, second]) == (second,)
    assert newest([second, first]) == (second,)


def test_labels_are_common_where_all_have_them_with_the_same_value() -> None:
    one, other = (
        an_alert("node-1"),
        an_alert("node-2", labels={"alertname": "HighErrorRate", "instance": "x"}),
    )

    assert in_common([one, other]) == {"alertname": "HighErrorRate"}
    assert in_common([]) == {}


def test_an_alert_is_told_apart_by_its_other_labels() -> None:
    one = an_alert("node-1")

    assert apart(one, {"alertname": "HighErrorRate", "service": "api-gateway"}) == {
        "instance": "node-1",
        "severity": "critical",
    }
