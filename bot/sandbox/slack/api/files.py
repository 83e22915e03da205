"""files.*: uploads in three steps, and what became of them."""

from __future__ import annotations

import re
from typing import Any

from bot.sandbox.slack.api.method import TIER_2, TIER_3, TIER_4, Answer, Method
from bot.sandbox.slack.api.posting import thread_of, writable
from bot.sandbox.slack.content import content_of, parsed
from bot.sandbox.slack.errors import SlackError, missing
from bot.sandbox.slack.files import File
from bot.sandbox.slack.happenings import Event
from bot.sandbox.slack.messages import Content
from bot.sandbox.slack.people import Channel
from bot.sandbox.slack.world import Args, World

MOST_COUNT = 1_000
LONGEST = 10**12
NUMBER = re.compile(r"[1-9][0-9]{0,12}")
KINDS = frozenset({"all", "spaces", "snippets", "images", "gdocs", "zips", "pdfs"})


def get_upload_url(world: World, args: Args) -> Answer:
    """files.getUploadURLExternal: where the bytes go to."""
    files = world.workspace.files
    files.base_url = args.base_url
    args.need("length")
    file = files.expect(
        args.need("filename"),
        _number(args, "length", 0, LONGEST),
        world.identity.bot_user,
        alt_text=args.get("alt_txt"),
        snippet_type=args.get("snippet_type"),
    )
    return {"upload_url": f"{args.base_url}/upload/v1/{file.ticket}", "file_id": file.id}


def complete_upload(world: World, args: Args) -> Answer:
    """files.completeUploadExternal: finishes uploads, and shares them where a channel is given.

    As at Slack, the answer comes before the work is done: types and shares are not in it.
    """
    named = [(world.workspace.files.uploaded(file_id), title) for file_id, title in _named(args)]
    channels = [_channel(world, where) for where in _places(args)]
    threads = [thread_of(channel, args) for channel in channels]
    content = _comment(world, args)
    files = [world.workspace.files.complete(file, title) for file, title in named]
    answer = {"files": [world.workspace.files.to_json(file) for file in files]}
    for channel, thread_ts in zip(channels, threads, strict=True):
        _share(world, files, channel, content, thread_ts)
    return answer


def info(world: World, args: Args) -> Answer:
    """files.info."""
    file = world.workspace.files.find(args.need("file"))
    return {"file": _whole(world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def list_files(world: World, args: Args) -> Answer:
    """files.list: the newest first, in pages that are counted."""
    chosen = [file for file in world.workspace.files if _is_asked_for(file, args)]
    count = _number(args, "count", 100, MOST_COUNT)
    page = _number(args, "page", 1, 1_000_000)
    shown = chosen[(page - 1) * count : page * count]
    return {
        "files": [_whole(world, file) for file in shown],
        "paging": {
            "count": count,
            "total": len(chosen),
            "page": page,
            "pages": max(1, -(-len(chosen) // count)),
        },
    }


def delete(world: World, args: Args) -> Answer:
    """files.delete: a tombstone stands where it was shared."""
    file = world.workspace.files.find(args.need("file"))
    if file.user != world.identity.bot_user:
        raise SlackError("cant_delete_file")
    world.workspace.files.delete(file)
    for message in world.workspace.all_messages():
        if any(shown["id"] == file.id for shown in message.files):
            message.files = [
                {"id": file.id, "mode": "tombstone"} if shown["id"] == file.id else shown
                for shown in message.files
            ]
            world.workspace.changed(message)
    return {}


def upload(_world: World, _args: Args) -> Answer:
    """files.upload: gone."""
    raise SlackError("method_deprecated")


def _named(args: Args) -> list[tuple[str, str]]:
    """The ids of the files, with their titles."""
    listed = parsed(args.values.get("files"), "invalid_arguments")
    if not listed or not isinstance(listed, list):
        raise missing("files")
    if not all(isinstance(file, dict) and isinstance(file.get("id"), str) for file in listed):
        raise SlackError("invalid_arguments", messages=["`files` must be an array of {id, title}"])
    return [(file["id"], str(file.get("title") or "")) for file in listed]


def _places(args: Args) -> list[str]:
    channels = [channel.strip() for channel in args.get("channels").split(",") if channel.strip()]
    return [args.get("channel_id")] if args.get("channel_id") else channels


def _channel(world: World, where: str) -> Channel:
    """Where it is shared: channels by id only, and only those that the bot is in."""
    if where not in world.workspace.channels and where not in world.workspace.users:
        raise SlackError("channel_not_found")
    return writable(world, where, public=False)


def _comment(world: World, args: Args) -> Content:
    said = {"text": args.get("initial_comment"), "blocks": args.values.get("blocks")}
    return content_of(said, may_show=world.workspace.files.may_show, words=False)


def _share(world: World, files: list[File], channel: Channel, content: Content, thread: str | None) -> None:
    shares = [file.share(channel) for file in files]
    message = world.workspace.post(
        channel,
        world.identity.bot_user,
        Content(text=content.text, blocks=[dict(block) for block in content.blocks]),
        thread_ts=thread,
        files=[world.workspace.files.to_json(file) for file in files],
    )
    for file, timestamps in zip(files, shares, strict=True):
        timestamps.append(message.ts)
        world.workspace.tell(channel, _shared(world, file, channel))


def _shared(world: World, file: File, channel: Channel) -> Event:
    return {
        "type": "file_shared",
        "file_id": file.id,
        "file": {"id": file.id},
        "user_id": file.user,
        "channel_id": channel.id,
        "event_ts": world.workspace.next_ts(),
    }


def _whole(world: World, file: File) -> dict[str, Any]:
    """The file with where it is shared."""
    shares = {
        kind: {
            channel: [
                {
                    "ts": ts,
                    "team_id": world.identity.team_id,
                    "channel_name": world.workspace.channels[channel].name,
                }
                for ts in timestamps
            ]
            for channel, timestamps in channels.items()
        }
        for kind, channels in file.shares.items()
    }
    return world.workspace.files.to_json(file) | {"shares": shares}


def _is_asked_for(file: File, args: Args) -> bool:
    kinds = {kind.strip() for kind in (args.get("types") or "all").split(",")}
    if kinds - KINDS:
        raise SlackError("unknown_type")
    if file.hidden and not args.flag("show_files_hidden_by_limit"):
        return False
    if args.get("user") not in {"", file.user}:
        return False
    if args.get("channel") and not file.is_in(args.get("channel")):
        return False
    return "all" in kinds or not kinds.isdisjoint(_kinds(file))


def _kinds(file: File) -> set[str]:
    return {
        kind
        for kind, fits in (
            ("snippets", bool(file.snippet_type)),
            ("images", file.mimetype.startswith("image/")),
            ("zips", file.filetype == "zip"),
            ("pdfs", file.filetype == "pdf"),
        )
        if fits
    }


def _number(args: Args, name: str, default: int, most: int) -> int:
    value = args.get(name) or str(default)
    if not NUMBER.fullmatch(value) or int(value) > most:
        raise SlackError("invalid_arguments", messages=[f"`{name}` must be from 1 to {most}"])
    return int(value)


WRITE, READ = ("files:write",), ("files:read",)
METHODS = {
    "files.getUploadURLExternal": Method(run=get_upload_url, scopes=WRITE, a_minute=TIER_4, form_only=True),
    "files.completeUploadExternal": Method(run=complete_upload, scopes=WRITE, a_minute=TIER_4),
    "files.info": Method(run=info, scopes=READ, a_minute=TIER_4),
    "files.list": Method(run=list_files, scopes=READ, a_minute=TIER_3),
    "files.delete": Method(run=delete, scopes=WRITE, a_minute=TIER_3),
    "files.upload": Method(run=upload, scopes=WRITE, a_minute=TIER_2),
}
