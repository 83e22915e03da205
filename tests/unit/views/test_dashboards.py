from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.guide import Dashboard
from bot.views.blocks import message
from bot.views.dashboards import MOST, dashboards_line
from bot.views.markup import Markup
from tests.support.builders import a_guide
from tests.support.slack_limits import check_message, tokens


def line(*boards: Dashboard) -> str:
    [block] = dashboards_line(boards)
    return str(block["elements"][0]["text"])


def board(title: str, number: int = 1) -> Dashboard:
    return Dashboard(key=f"b{number}", title=title, url=f"http://grafana.example.com/d/{number}")


def test_dashboards_are_links_in_one_line() -> None:
    one, two = board("Payment"), board("Platform", 2)
    assert line(one) == "Dashboard: <http://grafana.example.com/d/1|Payment>"
    assert line(one, two).startswith("Dashboards: <http://grafana.example.com/d/1|Payment> · <http://")


def test_without_dashboards_there_is_no_line() -> None:
    assert list(dashboards_line(())) == []


def test_all_of_the_shipped_guide_have_room() -> None:
    boards = tuple(a_guide().dashboards.values())
    assert all(f"|{one.title}>" in line(*boards) for one in boards)


@given(st.lists(st.text(max_size=300), min_size=1, max_size=MOST + 4))
def test_whatever_they_are_called_slack_takes_them(titles: list[str]) -> None:
    boards = [board(title, number) for number, title in enumerate(titles)]
    body = message(Markup("Here"), list(dashboards_line(boards))).to_json()
    check_message(body)
    assert all(token.startswith("http://grafana.example.com/d/") for token in tokens(body))
