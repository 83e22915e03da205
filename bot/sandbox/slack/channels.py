"""What befalls a channel: made, entered, left, named, described, archived. Slack notes it in the channel."""

from __future__ import annotations

import secrets

from bot.sandbox.slack import happenings
from bot.sandbox.slack.errors import SlackError
from bot.sandbox.slack.people import Channel, Note
from bot.sandbox.slack.state import Workspace

NAME = 80
NOTE = 250


def check_name(workspace: Workspace, name: str) -> None:
    """Whether a channel may be called so. Raises `invalid_name_*` or `name_taken`."""
    if not name:
        raise SlackError("invalid_name_required")
    if len(name) > NAME:
        raise SlackError("invalid_name_maxlength")
    if any(not (letter.isalnum() or letter in "-_") or letter != letter.lower() for letter in name):
        raise SlackError("invalid_name_specials")
    if not any(letter.isalnum() for letter in name):
        raise SlackError("invalid_name_punctuation")
    if any(channel.name == name for channel in workspace.channels.values()):
        raise SlackError("name_taken")


def create(workspace: Workspace, name: str, creator: str, *, private: bool = False) -> Channel:
    """A new channel, with who made it in it."""
    check_name(workspace, name)
    channel = Channel(
        id=_new_id("C"), name=name, private=private, creator=creator, created=workspace.clock() // 1000
    )
    workspace.channels[channel.id] = channel
    if not private:
        workspace.tell(None, happenings.channel_made(channel, workspace.next_ts()))
    enter(workspace, channel, creator)
    return channel


def group_direct(workspace: Workspace, members: set[str]) -> Channel | None:
    """The direct messages of just these people, where they were opened before."""
    found = (
        channel for channel in workspace.channels.values() if channel.mpim and channel.members == members
    )
    return next(found, None)


def open_group_direct(workspace: Workspace, members: set[str], creator: str) -> Channel:
    """Direct messages of several people, new."""
    names = "--".join(sorted(workspace.users[member].name for member in members))
    channel = Channel(
        id=_new_id("C"),
        name=f"mpdm-{names}-1",
        mpim=True,
        members=set(members),
        creator=creator,
        created=workspace.clock() // 1000,
    )
    workspace.channels[channel.id] = channel
    workspace.publish_channel(channel)
    return channel


def enter(workspace: Workspace, channel: Channel, user: str, *, inviter: str | None = None) -> None:
    """Somebody comes in, by themselves or invited."""
    channel.members.add(user)
    workspace.publish_channel(channel)
    extra = {"inviter": inviter} if inviter else {}
    workspace.note(channel, user, _subtype(channel, "join"), "has joined the channel", **extra)
    at, team = workspace.next_ts(), workspace.identity.team_id
    workspace.tell(channel, happenings.membership(channel, user, team, at, inviter=inviter))


def leave(workspace: Workspace, channel: Channel, user: str) -> None:
    """Somebody goes. Raises `cant_leave_general`, or `last_member` of a private channel."""
    if channel.is_general:
        raise SlackError("cant_leave_general")
    if channel.private and channel.members == {user}:
        raise SlackError("last_member")
    workspace.note(channel, user, _subtype(channel, "leave"), "has left the channel")
    _gone(workspace, channel, user)


def remove(workspace: Workspace, channel: Channel, user: str, by: str) -> None:
    """Somebody is taken out by somebody else."""
    text = f"was removed from the channel by <@{by}>"
    workspace.note(channel, user, _subtype(channel, "leave"), text)
    _gone(workspace, channel, user)


def set_topic(workspace: Workspace, channel: Channel, user: str, value: str) -> None:
    """Say what the channel is about now. Raises `too_long`."""
    if note := _changed_note(workspace, user, channel.topic, value):
        channel.topic = note
        _tell_note(workspace, channel, user, "topic", value)


def set_purpose(workspace: Workspace, channel: Channel, user: str, value: str) -> None:
    """Say what the channel is for. Raises `too_long`."""
    if note := _changed_note(workspace, user, channel.purpose, value):
        channel.purpose = note
        _tell_note(workspace, channel, user, "purpose", value)


def _changed_note(workspace: Workspace, user: str, before: Note, value: str) -> Note | None:
    """The note with another text; None where it is the same. Raises `too_long`."""
    if len(value) > NOTE:
        raise SlackError("too_long")
    return None if value == before.value else _new_note(workspace, user, value)


def _tell_note(workspace: Workspace, channel: Channel, user: str, kind: str, value: str) -> None:
    workspace.publish_channel(channel)
    called = "description" if kind == "purpose" else kind
    text = f"set the channel {called}: {value}" if value else f"cleared the channel {called}"
    workspace.note(channel, user, _subtype(channel, kind), text, **{kind: value})


def rename(workspace: Workspace, channel: Channel, user: str, name: str) -> None:
    """Give the channel another name. Raises `invalid_name_*`, `name_taken`, `not_authorized` (#general)."""
    if channel.is_general:
        raise SlackError("not_authorized")
    if name == channel.name:
        return
    check_name(workspace, name)
    old, channel.name = channel.name, name
    workspace.publish_channel(channel)
    workspace.note(
        channel,
        user,
        _subtype(channel, "name"),
        f'has renamed the channel from "{old}" to "{name}"',
        old_name=old,
        name=name,
    )
    workspace.tell(_audience(channel), happenings.channel_renamed(channel, workspace.next_ts()))


def archive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Close the channel to everything new. Raises `already_archived` or `cant_archive_general`."""
    if channel.archived:
        raise SlackError("already_archived")
    if channel.is_general:
        raise SlackError("cant_archive_general")
    workspace.note(
        channel,
        user,
        _subtype(channel, "archive"),
        "archived the channel",
        members=sorted(channel.members),
    )
    _set_archived(workspace, channel, user, archived=True)


def unarchive(workspace: Workspace, channel: Channel, user: str) -> None:
    """Open the channel again. Raises `not_archived`."""
    if not channel.archived:
        raise SlackError("not_archived")
    _set_archived(workspace, channel, user, archived=False)
    workspace.note(channel, user, _subtype(channel, "unarchive"), "un-archived the channel")


def _set_archived(workspace: Workspace, channel: Channel, user: str, *, archived: bool) -> None:
    channel.archived = archived
    workspace.publish_channel(channel)
    event = happenings.channel_archived(channel, user, workspace.next_ts())
    workspace.tell(_audience(channel), event)


def _gone(workspace: Workspace, channel: Channel, user: str) -> None:
    channel.members.discard(user)
    workspace.publish_channel(channel)
    at, identity = workspace.next_ts(), workspace.identity
    if user == identity.bot_user:
        workspace.tell(None, happenings.app_left(channel, at))
        return
    workspace.tell(channel, happenings.departure(channel, user, identity.team_id, at))


def _audience(channel: Channel) -> Channel | None:
    """Who hears of it: of a public channel, every app; of a private one, those in it."""
    return channel if channel.hidden else None


def _new_note(workspace: Workspace, user: str, value: str) -> Note:
    return Note(value=value, creator=user, last_set=workspace.clock() // 1000)


def _subtype(channel: Channel, what: str) -> str:
    return f"{'group' if channel.hidden else 'channel'}_{what}"


def _new_id(kind: str) -> str:
    return f"{kind}{secrets.token_hex(5).upper()}"  # random: the bot may outlive the stand-in
