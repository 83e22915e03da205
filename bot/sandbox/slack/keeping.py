"""What of the workspace outlives the stand-in: all but open modals, and what the app may still answer to."""

from __future__ import annotations

from dataclasses import dataclass

from bot.sandbox.slack.files import File
from bot.sandbox.slack.messages import Message
from bot.sandbox.slack.modals import View
from bot.sandbox.slack.people import Channel, User, UserGroup
from bot.sandbox.slack.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """Who is there, what was said, and how far the timestamps and the names of blocks have come."""

    users: dict[str, User]
    groups: dict[str, UserGroup]
    channels: dict[str, Channel]
    ephemerals: dict[str, dict[str, Message]]
    files: tuple[File, ...]
    homes: tuple[View, ...]
    last_us: int
    named_blocks: int


def kept(world: World) -> Kept:
    """What is to be there again."""
    workspace = world.workspace
    return Kept(
        users=workspace.users,
        groups=workspace.groups,
        channels=workspace.channels,
        ephemerals=workspace.ephemerals,
        files=workspace.files.kept(),
        homes=tuple(world.homes),
        last_us=workspace.last_us,
        named_blocks=workspace.named_blocks,
    )


def restore(world: World, was: Kept) -> None:
    """Go on from what was. The app is called as its manifest says now."""
    workspace, bot = world.workspace, world.identity.bot_user
    workspace.users.update((user, person) for user, person in was.users.items() if user != bot)
    workspace.groups.update(was.groups)
    workspace.channels.update(was.channels)
    workspace.ephemerals = was.ephemerals
    workspace.files.restore(was.files)
    world.homes.restore(was.homes)
    workspace.last_us, workspace.named_blocks = was.last_us, was.named_blocks


def move(world: World, url: str) -> None:
    """Lead the links of the files, which were made elsewhere, to where the stand-in is now."""
    files = world.workspace.files
    files.base_url = url
    for message in world.workspace.all_messages():
        message.files = [files.linked(shown) for shown in message.files]
