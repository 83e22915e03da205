"""The files that an app uploads: kept in memory, the newest of them up to a bound."""

from __future__ import annotations

import mimetypes
import secrets
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

from bot.sandbox.clock import Clock
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.people import Channel

FILE_BYTES = 32 * 1024 * 1024
"""The largest file. Slack's own limit is 1 GB, which a stand-in does not hold."""
TOTAL_BYTES = 64 * 1024 * 1024
KEPT = 1_000
SNIPPET_BYTES = 1_000_000
ALT_TEXT = 1_000
PROCESSING_MS = 1_000
"""How long Slack works on an upload before an image block may show it."""
IMAGES = frozenset({"image/png", "image/jpeg", "image/gif"})
_TYPES = mimetypes.MimeTypes()  # only what Python knows itself: the same on every machine
_TYPES.add_type("text/markdown", ".md")


@dataclass(slots=True, kw_only=True)
class File:
    """One file. Without `data` it is not uploaded yet, or hidden since newer ones need the room.

    `shares` are the messages' timestamps by the channel's kind (`public`, `private`) and id; `completed`
    and `created` are epoch ms.
    """

    id: str
    name: str
    size: int
    user: str
    created: int
    ticket: str
    alt_text: str = ""
    snippet_type: str = ""
    title: str = ""
    data: bytes | None = None
    completed: int | None = None
    hidden: bool = False
    shares: dict[str, dict[str, list[str]]] = field(default_factory=dict)

    @property
    def mimetype(self) -> str:
        """What the name says that it is; a text for a snippet."""
        guessed = _TYPES.guess_type(self.name)[0]
        return guessed or ("text/plain" if self.snippet_type else "application/octet-stream")

    @property
    def filetype(self) -> str:
        """Slack's word for the type: the snippet's, or the name's ending."""
        ending = self.name.rpartition(".")[2].lower() if "." in self.name else ""
        return self.snippet_type or {"jpeg": "jpg", "txt": "text"}.get(ending, ending) or "binary"

    def is_ready(self, now: int) -> bool:
        """Whether Slack is done with it: shared somewhere, or a moment after its upload."""
        if self.completed is None or self.hidden:
            return False
        return bool(self.shares) or now >= self.completed + PROCESSING_MS

    def share(self, channel: Channel) -> list[str]:
        """Share it into a channel; the timestamps of its messages there are to be added to the answer."""
        kind = "private" if channel.hidden else "public"
        return self.shares.setdefault(kind, {}).setdefault(channel.id, [])

    def is_in(self, channel_id: str) -> bool:
        """Whether it is shared in a channel."""
        return any(channel_id in channels for channels in self.shares.values())


class Files:
    """The files of a workspace. `base_url` is where whoever uploaded the last one reached the stand-in."""

    def __init__(self, clock: Clock, team_id: str, domain: str) -> None:
        self.base_url = ""
        self._clock = clock
        self._team = team_id
        self._domain = domain
        self._files: dict[str, File] = {}

    def __iter__(self) -> Iterator[File]:
        """Those that were uploaded, the newest first."""
        return (file for file in reversed(self._files.values()) if file.completed is not None)

    def kept(self) -> tuple[File, ...]:
        """All, those too whose upload is not finished; the oldest first."""
        return tuple(self._files.values())

    def restore(self, files: Iterable[File]) -> None:
        """Have these files, and no others."""
        self._files = {file.id: file for file in files}

    def linked(self, shown: dict[str, Any]) -> dict[str, Any]:
        """A file as a message shows it, with the links by which it is reached now."""
        file = self._files.get(shown["id"])
        return shown if file is None else shown | self._links(file)

    def expect(self, name: str, size: int, user: str, *, alt_text: str, snippet_type: str) -> File:
        """A new file whose bytes are to come."""
        if size <= 0:
            raise missing("length")
        if size > FILE_BYTES:
            raise SlackError("file_upload_size_restricted")
        if snippet_type and size > SNIPPET_BYTES:
            raise SlackError("snippet_too_large")
        if len(alt_text) > ALT_TEXT:
            raise SlackError("alt_txt_too_large")
        file = File(
            id=f"F{secrets.token_hex(5).upper()}",  # random: the bot may outlive the stand-in
            name=name,
            size=size,
            user=user,
            created=self._clock(),
            ticket=secrets.token_urlsafe(24),
            alt_text=alt_text,
            snippet_type=snippet_type,
        )
        self._files[file.id] = file
        if len(self._files) > KEPT:
            self._files.pop(next(iter(self._files)))
        return file

    def awaited(self, ticket: str) -> File | None:
        """The file that an upload URL is for, until it is complete."""
        waiting = (file for file in self._files.values() if file.completed is None)
        return next((file for file in waiting if file.ticket == ticket), None)

    def fill(self, file: File, data: bytes) -> None:
        """Take a file's bytes. Raises ValueError where it was announced with another length."""
        if len(data) != file.size:
            raise ValueError(f"{len(data)} bytes came, {file.size} were announced")
        file.data = data
        self._make_room(file)

    def uploaded(self, file_id: str) -> File:
        """A file whose bytes are there, and whose upload is not finished. Raises `file_not_found`."""
        file = self._files.get(file_id)
        if file is None or file.data is None or file.completed is not None:
            raise SlackError("file_not_found")
        return file

    def complete(self, file: File, title: str = "") -> File:
        """Finish an upload; by default the file's title is its name."""
        file.title = title or file.name
        file.completed = self._clock()
        return file

    def find(self, file_id: str) -> File:
        """An uploaded file. Raises `file_not_found`."""
        file = self._files.get(file_id)
        if file is None or file.completed is None:
            raise SlackError("file_not_found")
        return file

    def delete(self, file: File) -> None:
        """Forget a file."""
        self._files.pop(file.id, None)

    def may_show(self, slack_file: object) -> bool:
        """Whether an image block may show what its `slack_file` names by id or by URL."""
        if not isinstance(slack_file, Mapping):
            return False
        file = self._named(slack_file)
        return file is not None and file.mimetype in IMAGES and file.is_ready(self._clock())

    def to_json(self, file: File) -> dict[str, Any]:
        """The file as files.info answers. What Slack is not done with has no type yet."""
        ready, private = file.is_ready(self._clock()), file.shares.get("private", {})
        body: dict[str, Any] = {
            "id": file.id,
            "created": file.created // 1000,
            "timestamp": file.created // 1000,
            "name": file.name,
            "title": file.title,
            "mimetype": file.mimetype if ready else "",
            "filetype": file.filetype if ready else "",
            "pretty_type": file.filetype.upper() if ready else "",
            "user": file.user,
            "user_team": self._team,
            "editable": bool(file.snippet_type),
            "size": file.size,
            "mode": _mode(file),
            "is_external": False,
            "external_type": "",
            "is_public": "public" in file.shares,
            "public_url_shared": False,
            "display_as_bot": False,
            "username": "",
            **self._links(file),
            "comments_count": 0,
            "channels": list(file.shares.get("public", ())),
            "groups": [channel for channel in private if not channel.startswith("D")],
            "ims": [channel for channel in private if channel.startswith("D")],
            "has_rich_preview": False,
            "file_access": "visible",
        }
        return body | ({"alt_txt": file.alt_text} if file.alt_text else {})

    def _links(self, file: File) -> dict[str, str]:
        name, place = quote(file.name, safe=""), f"{self.base_url}/files-pri/{self._team}-{file.id}"
        return {
            "url_private": f"{place}/{name}",
            "url_private_download": f"{place}/download/{name}",
            "permalink": f"https://{self._domain}.slack.com/files/{file.user}/{file.id}/{name}",
            "permalink_public": f"https://slack-files.com/{self._team}-{file.id}-0000000000",
        }

    def _named(self, slack_file: Mapping[str, Any]) -> File | None:
        if "id" in slack_file:
            return self._files.get(str(slack_file["id"]))
        url = slack_file.get("url")
        links = ("url_private", "url_private_download", "permalink")
        found = (file for file in self if url in map(self._links(file).get, links))
        return next(found, None)

    def _make_room(self, newest: File) -> None:
        """Hide the oldest files' bytes until the rest fits: as Slack does where storage is used up."""
        total = sum(len(file.data) for file in self._files.values() if file.data is not None)
        for file in self._files.values():
            if total <= TOTAL_BYTES:
                return
            if file.data is not None and file is not newest:
                total -= len(file.data)
                file.data, file.hidden = None, True


def _mode(file: File) -> str:
    if file.hidden:
        return "hidden_by_limit"
    return "snippet" if file.snippet_type else "hosted"
