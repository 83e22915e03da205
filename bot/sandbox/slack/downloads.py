"""Files over HTTP: their upload, the bot's own way to their bytes, and the page's."""

from __future__ import annotations

from aiohttp import BodyPartReader, web

from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.files import FILE_BYTES, IMAGES, File
from bot.sandbox.slack.world import World

UPLOAD = "upload"
"""What faults and the log of calls name an upload."""
SIGN_IN = "<!DOCTYPE html><title>Sign in | Slack</title><p>Sign in to see this file."


class Downloads:
    """`/upload/v1/…` takes the bytes, `/files-pri/…` gives them to the bot, `/control/file` to the page."""

    def __init__(self, world: World, token: str) -> None:
        self._world = world
        self._token = token

    def routes(self) -> list[web.RouteDef]:
        """Every route."""
        return [
            web.post("/upload/v1/{ticket}", self.upload),
            web.get("/files-pri/{place}/{name}", self.private),
            web.get("/files-pri/{place}/download/{name}", self.private),
            web.get("/control/file", self.shown),
        ]

    async def upload(self, request: web.Request) -> web.Response:
        """The bytes of a file: as they are, or as the first file of a form."""
        files = self._world.workspace.files
        file = files.awaited(request.match_info["ticket"])
        if file is None:
            return web.Response(status=404, text="no upload is awaited here")
        data = await _bytes(request)
        if data is None:
            return web.Response(status=413, text="the file is too large")
        try:
            files.fill(file, data)
        except ValueError as wrong:
            return web.Response(status=400, text=str(wrong))
        return web.Response(text=f"OK - {file.size}")

    async def private(self, request: web.Request) -> web.Response:
        """`url_private`: whoever comes without the bot's token is shown Slack's page to sign in."""
        bearer = request.headers.get("Authorization", "").removeprefix("Bearer ").strip()
        if bearer != self._token or "files:read" not in self._world.scopes:
            return web.Response(text=SIGN_IN, content_type="text/html")
        team, _, file_id = request.match_info["place"].partition("-")
        file = self._find(file_id) if team == self._world.identity.team_id else None
        return _served(file)

    async def shown(self, request: web.Request) -> web.Response:
        """`/control/file?id=`: the bytes for whoever watches the workspace."""
        return _served(self._find(request.query.get("id", "")))

    def _find(self, file_id: str) -> File | None:
        try:
            return self._world.workspace.files.find(file_id)
        except SlackError:
            return None


def _served(file: File | None) -> web.Response:
    if file is None or file.data is None:
        return web.Response(status=404, text="there is no such file")
    # Only pictures are shown: a page or an SVG out of a file must not run in the browser.
    headers = {"X-Content-Type-Options": "nosniff", "Content-Security-Policy": "sandbox; default-src 'none'"}
    if file.mimetype not in IMAGES:
        headers["Content-Disposition"] = "attachment"
    return web.Response(body=file.data, content_type=file.mimetype, headers=headers)


async def _bytes(request: web.Request) -> bytes | None:
    """What was sent, or None where it is more than a file may be."""
    source: web.Request | BodyPartReader = request
    if request.content_type.startswith("multipart/"):
        part = await (await request.multipart()).next()
        if not isinstance(part, BodyPartReader):
            return b""
        source = part
    data = bytearray()
    while chunk := await _chunk(source):
        data += chunk
        if len(data) > FILE_BYTES:
            return None
    return bytes(data)


async def _chunk(source: web.Request | BodyPartReader) -> bytes:
    if isinstance(source, BodyPartReader):
        return bytes(await source.read_chunk())
    return await source.content.readany()
