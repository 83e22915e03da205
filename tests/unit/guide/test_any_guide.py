"""Whatever becomes of a guide's file, it is either loaded or refused with places."""

from __future__ import annotations

from importlib.resources import files

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.guide import Guide
from bot.guide.build import build
from bot.guide.document import parse
from bot.guide.finding import GuideError, Level
from bot.guide.lint import lint
from bot.guide.schema import GuidePart
from bot.guide.show import tables

LINES = files("manifests").joinpath("operations-guide.yaml").read_text().splitlines()

odd_values = st.sampled_from(
    ["", "~", "[]", "{}", "7", "true", "[[a]]", "{a: {b: c}}", "text", "on-call", "-1", "''"]
)


@st.composite
def damaged(draw: st.DrawFn) -> str:
    """The shipped guide with a few lines lost, doubled, moved in, or with another value."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 3))):
        number = draw(st.integers(0, len(lines) - 1))
        match draw(st.integers(0, 3)):
            case 0:
                del lines[number]
            case 1:
                lines.insert(number, lines[number])
            case 2:
                lines[number] = "  " + lines[number]
            case _:
                key, colon, _value = lines[number].partition(":")
                lines[number] = f"{key}{colon} {draw(odd_values)}"
    return "\n".join(lines)


@given(damaged())
@settings(max_examples=25, deadline=None)
def test_a_damaged_guide_is_loaded_or_refused_with_places(text: str) -> None:
    try:
        sections, findings = lint(parse(text, "guide.yaml"))
    except GuideError as error:
        findings = list(error.findings)
        assert findings
        sections = {}
    assert all(finding.line >= 1 and finding.column >= 1 for finding in findings)
    if not any(finding.level is Level.ERROR for finding in findings):
        guide = build(GuidePart.model_construct(**sections), postmortem_template="")
        assert isinstance(guide, Guide)
        assert guide.first_tier.key in guide.tiers
        assert tables(guide)
