"""The sandbox's page as a person finds the way in it: by what things are and what they are called."""

from __future__ import annotations

from dataclasses import dataclass

from playwright.async_api import Locator, Page, expect

MOST_TABS = 80


@dataclass(frozen=True, slots=True)
class Screen:
    """The page's parts, and what a person does with several of them at once."""

    page: Page

    @property
    def message_box(self) -> Locator:
        return self.page.get_by_role("combobox", name="Message", exact=True)

    @property
    def messages(self) -> Locator:
        return self.page.get_by_role("log", name="Messages")

    @property
    def channels(self) -> Locator:
        return self.page.get_by_role("navigation", name="Channels")

    @property
    def home(self) -> Locator:
        """The app's Home tab."""
        return self.page.get_by_role("tabpanel", name="Home")

    @property
    def dialog(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def act_as(self) -> Locator:
        return self.page.get_by_role("combobox", name="Act as")

    @property
    def side(self) -> Locator:
        return self.page.get_by_role("complementary", name="Paging and controls")

    @property
    def clock(self) -> Locator:
        return self.page.get_by_role("region", name="Clock")

    @property
    def paging(self) -> Locator:
        return self.part("PagerDuty")

    @property
    def alerts(self) -> Locator:
        return self.part("Alerts")

    @property
    def services(self) -> Locator:
        return self.part("Services")

    @property
    def faults(self) -> Locator:
        return self.part("Bot and faults")

    @property
    def story(self) -> Locator:
        """The card of the guided story."""
        return self.page.locator("#guide")

    def part(self, name: str) -> Locator:
        """A part of the side that can be folded, by its heading."""
        heading = self.page.get_by_role("heading", name=name, exact=True)
        return self.side.get_by_role("group").filter(has=heading)

    def button(self, name: str, within: Locator | None = None) -> Locator:
        """A button, by the name that is read on it."""
        return (within or self.page).get_by_role("button", name=name)

    async def send(self, text: str) -> None:
        """Write into the message box, and send."""
        await self.message_box.fill(text)
        await self.message_box.press("Enter")

    async def forward(self, step: str) -> None:
        """Move the clock, by a button such as `+15 min`."""
        await self.button(step, self.clock).click()

    async def unfold(self, part: Locator) -> None:
        """Open a part of the side that is folded."""
        await part.get_by_role("heading", level=2).click()

    async def become(self, name: str) -> None:
        """Act as another person."""
        option = self.act_as.get_by_role("option").filter(has_text=name)
        await self.act_as.select_option(value=await option.get_attribute("value"))

    async def go_to(self, channel: str) -> None:
        """Open a channel."""
        await self.button(channel, self.channels).click()

    async def open_home(self) -> None:
        """Open the app's Home tab."""
        await self.go_to("opsbot")
        await self.page.get_by_role("tab", name="Home").click()

    async def tab_to(self, control: Locator, key: str = "Tab") -> None:
        """Go to a control by the keyboard alone; `Shift+Tab` goes back."""
        await control.wait_for()
        for _ in range(MOST_TABS):
            if await control.evaluate("(each) => each === document.activeElement"):
                return
            await self.page.keyboard.press(key)
        raise AssertionError(f"{key} does not lead to {control}")

    async def settled(self) -> None:
        """Wait until the bot has answered what was last done."""
        await expect(self.page.locator("[aria-busy=true]")).to_have_count(0)


async def shows(part: Locator, text: str, *, within_ms: float | None = None) -> None:
    """Wait until a text is to be read in a part of the page."""
    await expect(part).to_contain_text(text, use_inner_text=True, timeout=within_ms)
