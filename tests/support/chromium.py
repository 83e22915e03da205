"""Chromium for tests, driven over the DevTools protocol. One message at a time: no background reader."""

from __future__ import annotations

import asyncio
import base64
import itertools
import json
import os
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import aiohttp
import pytest

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-dev-shm-usage",
    "--no-first-run",
    "--no-proxy-server",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--remote-debugging-port=0",
)
WAIT_MS = 15_000
ANNOUNCED = "DevTools listening on "


class PageError(AssertionError):
    """A script threw in the page, or what was waited for did not come."""


class Tab:
    """One page in the browser."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._session = ""
        self.complaints: list[str] = []

    async def attach(self) -> None:
        """Open a new page, and hear of what goes wrong in it."""
        target = await self._call("Target.createTarget", url="about:blank")
        attached = await self._call("Target.attachToTarget", targetId=target["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Log"):
            await self._call(f"{domain}.enable")

    async def open(self, url: str) -> None:
        """Go to an address."""
        await self._call("Page.navigate", url=url)
        await self.until("document.readyState === 'complete' && location.href !== 'about:blank'")

    async def run(self, script: str) -> Any:
        """The value of an expression, awaited where it is a promise."""
        answer = await self._call(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        if "exceptionDetails" in answer:
            details = answer["exceptionDetails"]
            raise PageError(details.get("exception", {}).get("description") or details["text"])
        return answer["result"].get("value")

    async def until(self, condition: str) -> Any:
        """Wait until an expression is true; its value."""
        try:
            return await self.run(
                _WAITING % {"condition": condition, "shown": json.dumps(condition), "most": WAIT_MS}
            )
        except PageError as error:
            seen = await self.run("document.body?.innerText")
            raise PageError(f"{error}\n{self.complaints}\nThe page shows:\n{seen}") from None

    async def until_shown(self, text: str, within: str = "body") -> None:
        """Wait until a text is to be read in the element of a selector."""
        look = f"document.querySelector({json.dumps(within)})?.innerText.includes({json.dumps(text)})"
        await self.until(f"Boolean({look})")

    async def click(self, selector: str, text: str = "") -> None:
        """Wait for a control that has this text, then click it as a person does, with the mouse."""
        find = f"[...document.querySelectorAll({json.dumps(selector)})]"
        fits = f"!each.disabled && each.innerText.includes({json.dumps(text)})"
        place = await self.until(
            f"(() => {{ const each = {find}.find((each) => {fits}); if (!each) return null;"
            "each.scrollIntoView({block: 'center'}); const box = each.getBoundingClientRect();"
            "return box.width && [box.x + box.width / 2, box.y + box.height / 2]; })()"
        )
        for kind in ("mousePressed", "mouseReleased"):
            x, y = place
            await self._call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def type(self, text: str) -> None:
        """Type into what has the focus."""
        await self._call("Input.insertText", text=text)

    async def press(self, key: str) -> None:
        """Press a key, such as `Enter`, `Tab` or `Escape`."""
        code = {"Enter": 13, "Tab": 9, "Escape": 27}.get(key, 0)
        more = {"text": "\r"} if key == "Enter" else {}
        for kind in ("keyDown", "keyUp"):
            await self._call(
                "Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **more
            )

    async def look(self, *, width: int = 1280, height: int = 800, dark: bool = False) -> None:
        """Set the window's size and the colour scheme that the person prefers."""
        await self._call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        await self._call("Emulation.setEmulatedMedia", features=[scheme])

    async def screenshot(self) -> bytes:
        """What is seen, as a PNG file's content."""
        shot = await self._call("Page.captureScreenshot", format="png")
        return base64.b64decode(shot["data"])

    async def _call(self, method: str, **parameters: Any) -> dict[str, Any]:
        number = next(self._numbers)
        message: dict[str, Any] = {"id": number, "method": method, "params": parameters}
        if self._session:
            message["sessionId"] = self._session
        await self._socket.send_json(message)
        async with asyncio.timeout(WAIT_MS / 1000 + 10):
            while True:
                answer = await self._socket.receive_json()
                if answer.get("id") == number:
                    break
                self._note(answer)
        if "error" in answer:
            raise PageError(f"{method}: {answer['error']['message']}")
        result: dict[str, Any] = answer["result"]
        return result

    def _note(self, event: dict[str, Any]) -> None:
        """Keep uncaught exceptions and the console's errors."""
        parameters = event.get("params", {})
        match event.get("method"):
            case "Runtime.exceptionThrown":
                details = parameters["exceptionDetails"]
                self.complaints.append(details.get("exception", {}).get("description") or details["text"])
            case "Log.entryAdded" if parameters["entry"]["level"] == "error":
                self.complaints.append(parameters["entry"]["text"])
            case _:
                pass


_WAITING = """new Promise((resolve, reject) => {
  const end = Date.now() + %(most)d;
  const look = () => {
    let value;
    try { value = %(condition)s; } catch (error) { return reject(error); }
    if (value) resolve(value);
    else if (Date.now() > end) reject(new Error("did not come: " + %(shown)s));
    else setTimeout(look, 30);
  };
  look();
})"""


def chromium_program() -> str:
    """The program; skips the test where there is none, or fails it where real parts are required."""
    found = next(filter(None, map(shutil.which, PROGRAMS)), None)
    if found is not None:
        return found
    if os.environ.get("OPSBOT_REAL_PARTS") == "required":
        pytest.fail("Chromium is not installed: apt-get install chromium")
    pytest.skip("Chromium is not installed: apt-get install chromium")


@asynccontextmanager
async def chromium(profile: Path) -> AsyncIterator[Tab]:
    """A browser with an empty profile in this folder, and a page in it; both end with the block."""
    process = await asyncio.create_subprocess_exec(
        chromium_program(),
        *OPTIONS,
        f"--user-data-dir={profile}",
        "about:blank",
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        start_new_session=True,
    )
    try:
        url = await _announced(process)
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(url, max_msg_size=64 * 1024**2) as socket,
        ):
            tab = Tab(socket)
            await tab.attach()
            yield tab
    finally:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        await process.communicate()


async def _announced(process: asyncio.subprocess.Process) -> str:
    """The address of the browser's DevTools, which it prints."""
    assert process.stderr is not None
    lines = []
    async with asyncio.timeout(30):
        async for raw in process.stderr:
            lines.append(raw.decode(errors="replace"))
            if lines[-1].startswith(ANNOUNCED):
                return lines[-1].removeprefix(ANNOUNCED).strip()
    raise AssertionError("Chromium did not start:\n" + "".join(lines))
