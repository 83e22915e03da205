"""The workspace that the stand-in starts with."""

from __future__ import annotations

from bot.sandbox.clock import Clock
from bot.sandbox.feed import Feed
from bot.sandbox.slack.people import Channel, User, UserGroup
from bot.sandbox.slack.places import SLACKBOT
from bot.sandbox.slack.state import Workspace

PEOPLE = (
    ("U0ANA0001", "ana", "Ana Ortiz", "On-call engineer"),
    ("U0LEE0001", "lee", "Lee Novak", "Team lead"),
    ("U0DIA0001", "dia", "Dia Mensah", "Director of engineering"),
    ("U0SAM0001", "sam", "Sam Okafor", "Security engineer"),
    ("U0KIM0001", "kim", "Kim Larsen", "Customer support, stakeholder"),
    ("U0GUS0001", "gus", "Gus Guest", "Contractor"),
)
GUESTS = {"gus"}
GROUPS = (
    ("S0ONCALL1", "oncall", "On-call engineers", ("ana",)),
    ("S0LEADS01", "leads", "Team leads", ("lee",)),
    ("S0DIRECT1", "directors", "Directors", ("dia",)),
    ("S0SECURE1", "security", "Security team", ("sam",)),
    ("S0PLATFRM", "platform", "Platform team", ("ana", "lee")),
)
EVERYBODY = tuple(name for _, name, _, _ in PEOPLE)
STAFF = tuple(name for name in EVERYBODY if name not in GUESTS)
CHANNELS = (
    ("C0GENERAL", "general", False, EVERYBODY, False),
    ("C0ALERTS1", "platform-alerts", False, EVERYBODY, True),
    ("C0SECURE1", "security-incidents", True, ("sam", "dia"), True),
    ("C0LEADER1", "leadership", False, ("lee", "dia", "kim"), True),
    ("C0PLATFRM", "platform-team", False, STAFF, True),
)


def new_workspace(clock: Clock, feed: Feed, *, app_name: str = "opsbot") -> Workspace:
    """The team with its people, groups and channels; the bot is in every channel but #general."""
    workspace = Workspace(clock=clock, feed=feed)
    team = workspace.identity.team_id
    bot = workspace.identity.bot_user
    workspace.users[bot] = User(id=bot, name=app_name, real_name=app_name, team_id=team, bot=True)
    workspace.users[SLACKBOT] = User(id=SLACKBOT, name="slackbot", real_name="Slackbot", team_id=team)
    ids = {name: user_id for user_id, name, _, _ in PEOPLE}
    for user_id, name, real_name, title in PEOPLE:
        workspace.users[user_id] = User(
            id=user_id,
            name=name,
            real_name=real_name,
            title=title,
            team_id=team,
            email=f"{real_name.lower().replace(' ', '.')}@example.com",  # as PagerDuty's stand-in knows them
            guest=name in GUESTS,
        )
    for group_id, handle, name, of_group in GROUPS:
        workspace.groups[group_id] = UserGroup(
            id=group_id, team_id=team, handle=handle, name=name, users=[ids[member] for member in of_group]
        )
    for channel_id, name, private, people, with_bot in CHANNELS:
        members = {ids[member] for member in people} | ({bot} if with_bot else set())
        workspace.channels[channel_id] = Channel(
            id=channel_id,
            name=name,
            private=private,
            members=members,
            creator=ids[people[0]],
            created=clock() // 1000,
        )
    for user_id in ids.values():
        workspace.direct(user_id)
    return workspace
