from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.alert_policy import AlertPolicy
from bot.domain.links import LONGEST, link_hosts, outside_link
from tests.support.builders import a_guide

HOSTS = frozenset({"grafana.example.com", "prometheus.example.com:9090", "xn--bcher-kva.example"})


@pytest.mark.parametrize(
    "url",
    [
        "https://grafana.example.com",
        "https://grafana.example.com/",
        "https://GRAFANA.example.com/d/x?var-a=1&b=2#panel",
        "HTTPS://grafana.example.com:443/d/x",
        "https://prometheus.example.com:9090/graph?g0.expr=up%7B%7D",
        "https://grafana.example.com?orgId=1",
        "https://grafana.example.com/d/é|<x>",
        "https://xn--bcher-kva.example/seite",
    ],
)
def test_an_address_of_a_listed_host_by_https_is_a_link(url: str) -> None:
    assert outside_link(url, HOSTS) == url


@pytest.mark.parametrize(
    "url",
    [
        None,
        "",
        "grafana.example.com",
        "http://grafana.example.com/",
        "javascript://grafana.example.com/%0aalert(1)",
        "https://evil.example.org/",
        "https://grafana.example.com.evil.example.org/",
        "https://evil-grafana.example.com/",
        "https://grafana.example.com@evil.example.org/",
        "https://user:password@grafana.example.com/",
        "https://grafana.example.com%40evil.example.org/",
        "https://evil.example.org\\@grafana.example.com/",
        "https://grafana.example.com\\.evil.example.org/",
        "https://evil.example.org#@grafana.example.com/",
        "https://grafana.example.com:444/",
        "https://grafana.example.com:/",
        "https://grafana.example.com:99999999/",
        "https://prometheus.example.com/",
        "https://grafana.example.com./",
        "https://bücher.example/seite",
        "https://grafana.\u0435xample.com/",  # a Cyrillic letter
        "https://grafana\uff0eexample\uff0ecom/",  # full stops that a browser takes for dots
        "https:/grafana.example.com/",
        "https:///grafana.example.com/",
        " https://grafana.example.com/",
        "https://grafana.example.com/\n",
        "https://grafana.example.com/ x",
        "https://grafana.example.com/\x00",
        f"https://grafana.example.com/{'x' * LONGEST}",
    ],
)
def test_every_other_address_leads_nowhere(url: str | None) -> None:
    assert outside_link(url, HOSTS) is None


@given(st.text(max_size=60), st.sampled_from(["https://", "https://grafana.example.com", "https://a@"]))
def test_what_is_a_link_goes_to_a_listed_host(text: str, beginning: str) -> None:
    found = outside_link(beginning + text, HOSTS)

    if found is not None:
        rest = found[len("https://") :].lower()
        assert any(rest == host or rest.startswith((f"{host}/", f"{host}?", f"{host}#", f"{host}:443"))
                   for host in HOSTS)  # fmt: skip


def test_the_hosts_are_those_that_the_guide_lists_and_those_of_its_own_links() -> None:
    guide = a_guide()
    listed = (" Grafana.Example.com ", "prometheus.example.com:9090", "bücher.example", "tls.example.com:443")
    board = replace(next(iter(guide.dashboards.values())), url="http://boards.example.com:3000/d/x")
    book = replace(next(iter(guide.runbooks.values())), url="http://docs.example.com/x.md")

    hosts = link_hosts(
        replace(
            guide,
            alerting=replace(AlertPolicy(), link_hosts=listed),
            dashboards={board.key: board},
            runbooks={book.key: book},
        )
    )

    own = {board.url, book.url}
    assert hosts - own == HOSTS | {"tls.example.com", "boards.example.com:3000", "docs.example.com"}


def test_the_guides_own_address_is_a_link_as_it_is_and_no_other_of_its_host_by_http() -> None:
    guide = a_guide()
    board = replace(next(iter(guide.dashboards.values())), url="http://boards.example.net/d/health")
    hosts = link_hosts(replace(guide, dashboards={"health": board}))
    assert outside_link("http://boards.example.net/d/health", hosts) == "http://boards.example.net/d/health"
    assert outside_link("http://boards.example.net/d/health?x=1", hosts) is None
    assert outside_link("http://boards.example.net/", hosts) is None
