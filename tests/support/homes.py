"""Home tabs as people see and use them in a story."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.delivery import Reply
from bot.sandbox.slack.modals import View
from tests.support.harness import World
from tests.support.people import Person
from tests.support.slack_limits import check_home, text_objects


@dataclass(frozen=True, slots=True, kw_only=True)
class HomePage:
    """What somebody's Home tab shows at this moment."""

    world: World
    person: Person
    view: View

    @property
    def text(self) -> str:
        """All that is read there; of dates what Slack would show where it cannot show dates."""
        return "\n".join(one["text"] for one in text_objects(self.view.blocks))

    @property
    def labels(self) -> list[str]:
        """The buttons."""
        return [button["text"]["text"] for button in self._buttons()]

    def says(self, text: str) -> bool:
        return text in self.text

    async def presses(self, label: str, number: int = 0) -> Reply:
        """Press one of the buttons of that label, as they stand in this view."""
        found = [button for button in self._buttons() if button["text"]["text"] == label]
        assert len(found) > number, f"there is no {label!r}, only {self.labels}"
        slack, button = self.world.slack, found[number]
        shown = self.view.given
        now = homes(self.world).of(user_id(self.world, self.person))
        assert now is not None
        was, now.given = now.given, shown
        try:
            reply = await slack.act(self.person.name, button["action_id"], button["value"], view_id=now.id)
        finally:
            now.given = was if now.given is shown else now.given
        await self.world.settle()
        return reply

    def _buttons(self) -> Iterator[dict[str, Any]]:
        for block in self.view.blocks:
            if "accessory" in block:
                yield block["accessory"]
            if block["type"] == "actions":
                yield from block["elements"]


async def opens_home(world: World, person: Person) -> HomePage:
    """Somebody opens their Home tab, and looks at it once it is there."""
    await world.slack.home(person.name)
    await world.settle()
    return home(world, person)


def home(world: World, person: Person) -> HomePage:
    """What somebody sees there now."""
    view = homes(world).of(user_id(world, person))
    assert view is not None, f"{person.name} has no Home tab"
    check_home(view.given)
    copied = View(**{name: getattr(view, name) for name in _FIELDS})
    return HomePage(world=world, person=person, view=copied)


def modal_of(world: World, person: Person) -> str:
    """What is read in the window that somebody has open."""
    [*_, top] = world.slack.views(person.name)
    return "\n".join(one["text"] for one in text_objects(top.blocks))


def published(world: World) -> int:
    """How many times a Home tab was published."""
    return world.slack.calls.counts["views.publish"]


def homes(world: World) -> Any:
    return world.slack.world.homes


def user_id(world: World, person: Person) -> str:
    return world.slack.workspace.find_user(person.name).id


_FIELDS = tuple(View.__dataclass_fields__)
