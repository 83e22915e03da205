from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.domain.guide import Guide
from bot.environment import SettingsError, hook_variable_of, tier_of, variable_of
from bot.settings import Settings, read_database_url, read_guide_path, read_settings, secrets_of
from tests.support.builders import a_guide

SECRET = "hunter2-very-secret"
NEEDED = {"SLACK_BOT_TOKEN": f"xoxb-{SECRET}", "SLACK_SIGNING_SECRET": f"signing-{SECRET}"}
SECRETS = {
    **NEEDED,
    "SLACK_APP_TOKEN": f"xapp-{SECRET}",
    "PAGERDUTY_ROUTING_KEY_ON_CALL": f"routing-{SECRET}",
    "PAGERDUTY_API_KEY": f"key-{SECRET}",
    "PAGERDUTY_WEBHOOK_SECRET": f"webhook-{SECRET}",
    "PROMETHEUS_TOKEN": f"prometheus-{SECRET}",
    "ALERTMANAGER_WEBHOOK_TOKEN": f"alertmanager-{SECRET}",
    "DATABASE_URL": f"postgresql+asyncpg://opsbot:{SECRET}@db/opsbot",
    "OPSBOT_GATE_TOKEN": f"gate-{SECRET}",
    "OPSBOT_CALENDAR_TOKEN": f"calendar-{SECRET}",
}
ADDRESSES = [
    "SLACK_API_URL",
    "PAGERDUTY_EVENTS_URL",
    "PAGERDUTY_API_URL",
    "PROMETHEUS_URL",
    "ALERTMANAGER_URL",
    "OPSBOT_HEARTBEAT_URL",
]


class Environment:
    """The process's variables: only those that the test sets, beside what no setting reads."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self._patch = patch
        for name in os.environ:
            if re.match("SLACK_|PAGERDUTY_|PROMETHEUS_|ALERTMANAGER_|DATABASE_URL|OPSBOT_", name):
                patch.delenv(name)

    def holds(self, **variables: str) -> Environment:
        for name, value in variables.items():
            self._patch.setenv(name, value)
        return self

    def lacks(self, name: str) -> Environment:
        self._patch.delenv(name)
        return self


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch) -> Environment:
    """An environment in which nothing is set."""
    return Environment(monkeypatch)


@pytest.fixture
def environment(bare: Environment) -> Environment:
    """An environment with no more than what the bot needs."""
    return bare.holds(**NEEDED)


def refusal() -> str:
    with pytest.raises(SettingsError) as error:
        read_settings()
    return str(error.value)


def of(settings: Settings, variable: str) -> object:
    """What a variable has become, without its wrapping."""
    value = getattr(settings, variable.lower())
    if isinstance(value, tuple):
        return tuple(one.get_secret_value() for one in value)
    return value.get_secret_value() if isinstance(value, SecretStr) else value


# --- What is read


def test_the_bot_needs_only_slacks_token_and_signing_secret(environment: Environment) -> None:
    settings = read_settings()
    assert of(settings, "SLACK_BOT_TOKEN") == NEEDED["SLACK_BOT_TOKEN"]
    assert of(settings, "SLACK_SIGNING_SECRET") == (NEEDED["SLACK_SIGNING_SECRET"],)
    assert not settings.socket_mode


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SLACK_API_URL", "https://slack.com/api/"),
        ("PAGERDUTY_EVENTS_URL", "https://events.pagerduty.com"),
        ("PAGERDUTY_API_URL", "https://api.pagerduty.com"),
        ("DATABASE_URL", "sqlite+aiosqlite:///opsbot.db"),
        ("OPSBOT_HOST", "127.0.0.1"),
        ("OPSBOT_PORT", 3000),
        ("SLACK_APP_TOKEN", None),
        ("PAGERDUTY_ROUTING_KEYS", {}),
        ("PAGERDUTY_API_KEY", None),
        ("PAGERDUTY_FROM_EMAIL", None),
        ("PAGERDUTY_WEBHOOK_SECRET", ()),
        ("PROMETHEUS_URL", None),
        ("PROMETHEUS_TOKEN", None),
        ("ALERTMANAGER_URL", None),
        ("ALERTMANAGER_WEBHOOK_TOKEN", None),
        ("OPSBOT_GUIDE", None),
        ("OPSBOT_GATE_TOKEN", None),
        ("OPSBOT_CALENDAR_TOKEN", None),
        ("OPSBOT_HEARTBEAT_URL", None),
    ],
)
def test_what_is_not_set_has_its_default(environment: Environment, variable: str, value: object) -> None:
    assert of(read_settings(), variable) == value


@pytest.mark.parametrize(
    ("variable", "value", "read"),
    [
        ("SLACK_API_URL", "http://127.0.0.1:9/api/", "http://127.0.0.1:9/api/"),
        ("SLACK_APP_TOKEN", "xapp-1", "xapp-1"),
        ("SLACK_SIGNING_SECRET", "new, old,", ("new", "old")),
        ("PAGERDUTY_FROM_EMAIL", "ops@example.com", "ops@example.com"),
        ("PAGERDUTY_WEBHOOK_SECRET", "one,two", ("one", "two")),
        ("PAGERDUTY_EVENTS_URL", "http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("PAGERDUTY_API_URL", "http://127.0.0.1:9", "http://127.0.0.1:9"),
        ("PROMETHEUS_URL", "http://prometheus:9090", "http://prometheus:9090"),
        ("PROMETHEUS_TOKEN", "a,b", "a,b"),
        ("ALERTMANAGER_URL", "http://alertmanager:9093", "http://alertmanager:9093"),
        ("ALERTMANAGER_WEBHOOK_TOKEN", "t", "t"),
        ("DATABASE_URL", "postgresql+asyncpg://db/ops", "postgresql+asyncpg://db/ops"),
        ("OPSBOT_GUIDE", "/etc/opsbot/guide.yaml", Path("/etc/opsbot/guide.yaml")),
        ("OPSBOT_HOST", "0.0.0.0", "0.0.0.0"),
        ("OPSBOT_PORT", "8080", 8080),
        ("OPSBOT_GATE_TOKEN", "t", "t"),
        ("OPSBOT_CALENDAR_TOKEN", "t", "t"),
        ("OPSBOT_HEARTBEAT_URL", "https://hc.example/ping", "https://hc.example/ping"),
    ],
)
def test_every_variable_is_read(environment: Environment, variable: str, value: str, read: object) -> None:
    environment.holds(**{variable: value})
    assert of(read_settings(), variable) == read


def test_space_around_a_value_does_not_count(environment: Environment) -> None:
    environment.holds(OPSBOT_HOST=" 0.0.0.0\n")
    assert read_settings().opsbot_host == "0.0.0.0"


@pytest.mark.parametrize("variable", ["OPSBOT_PORT", "PROMETHEUS_URL", "DATABASE_URL", "SLACK_APP_TOKEN"])
def test_a_variable_that_is_empty_counts_as_not_set(environment: Environment, variable: str) -> None:
    default = of(read_settings(), variable)
    environment.holds(**{variable: " "})
    assert of(read_settings(), variable) == default


def test_variables_of_other_programs_are_left_alone(environment: Environment) -> None:
    before = read_settings()
    environment.holds(SLACK_TEAM="T1", OPSBOT_UNKNOWN="x")
    assert read_settings() == before


def test_an_app_token_means_socket_mode_which_needs_no_signing_secret(environment: Environment) -> None:
    environment.lacks("SLACK_SIGNING_SECRET").holds(SLACK_APP_TOKEN="xapp-1")
    assert read_settings().socket_mode


# --- Routing keys


@pytest.mark.parametrize(
    ("tier", "variable"),
    [
        ("on-call", "PAGERDUTY_ROUTING_KEY_ON_CALL"),
        ("team-lead", "PAGERDUTY_ROUTING_KEY_TEAM_LEAD"),
        ("director", "PAGERDUTY_ROUTING_KEY_DIRECTOR"),
    ],
)
def test_a_tiers_routing_key_is_in_the_variable_of_its_name(tier: str, variable: str) -> None:
    assert variable_of(tier) == variable
    assert tier_of(variable) == tier


def test_every_tier_of_the_shipped_guide_can_have_a_routing_key() -> None:
    guide: Guide = a_guide()
    assert all(tier_of(variable_of(tier)) == tier for tier in guide.tiers)


def test_routing_keys_are_read_by_tier_from_variables_and_files(
    environment: Environment, tmp_path: Path
) -> None:
    file = tmp_path / "key"
    file.write_text("from-file\n")
    environment.holds(
        PAGERDUTY_ROUTING_KEY_ON_CALL="from-variable", PAGERDUTY_ROUTING_KEY_TEAM_LEAD_FILE=str(file)
    )
    keys = read_settings().pagerduty_routing_keys
    assert {tier: key.get_secret_value() for tier, key in keys.items()} == {
        "on-call": "from-variable",
        "team-lead": "from-file",
    }


def test_a_routing_key_that_is_empty_counts_as_not_set(environment: Environment) -> None:
    environment.holds(PAGERDUTY_ROUTING_KEY_DIRECTOR="")
    assert read_settings().pagerduty_routing_keys == {}


# --- Files


@pytest.mark.parametrize("variable", [name for name in SECRETS if "ROUTING" not in name])
def test_every_secret_can_be_read_from_a_file(bare: Environment, tmp_path: Path, variable: str) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRETS[variable] + "\n")
    others = {**NEEDED, "PAGERDUTY_FROM_EMAIL": "ops@example.com"}
    others.pop(variable, None)
    bare.holds(**others, **{f"{variable}_FILE": str(file)})
    value = of(read_settings(), variable)
    assert value in (SECRETS[variable], (SECRETS[variable],))


@pytest.mark.parametrize("variable", SECRETS)
def test_a_secret_that_is_set_both_ways_is_refused(
    environment: Environment, tmp_path: Path, variable: str
) -> None:
    file = tmp_path / "secret"
    file.write_text(SECRETS[variable])
    environment.holds(**{variable: SECRETS[variable], f"{variable}_FILE": str(file)})
    told = refusal()
    assert told == f"{variable}: set twice; expected {variable} or {variable}_FILE, not both"


def test_a_file_that_is_missing_is_named_with_its_variable(environment: Environment, tmp_path: Path) -> None:
    environment.holds(PROMETHEUS_TOKEN_FILE=str(tmp_path / "gone"))
    told = refusal()
    assert told.startswith("PROMETHEUS_TOKEN_FILE: cannot be read")
    assert str(tmp_path / "gone") in told


def test_a_file_that_is_no_text_is_refused_without_its_content(
    environment: Environment, tmp_path: Path
) -> None:
    (tmp_path / "binary").write_bytes(b"\xff" + SECRET.encode())
    environment.holds(PROMETHEUS_TOKEN_FILE=str(tmp_path / "binary"))
    told = refusal()
    assert told.startswith("PROMETHEUS_TOKEN_FILE: cannot be read")
    assert SECRET not in told


def test_a_file_that_is_empty_counts_as_not_set(environment: Environment, tmp_path: Path) -> None:
    (tmp_path / "empty").write_text("\n")
    environment.lacks("SLACK_BOT_TOKEN").holds(SLACK_BOT_TOKEN_FILE=str(tmp_path / "empty"))
    assert refusal().startswith("SLACK_BOT_TOKEN: missing")


# --- Refusals


@pytest.mark.parametrize(
    ("variable", "expected"),
    [
        ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN: missing; expected the bot's token, which begins with xoxb-"),
        (
            "SLACK_SIGNING_SECRET",
            (
                "SLACK_SIGNING_SECRET: missing; expected the app's signing secret "
                "(or SLACK_APP_TOKEN, for Socket Mode)"
            ),
        ),
    ],
)
def test_what_is_missing_is_named_with_what_is_expected(
    environment: Environment, variable: str, expected: str
) -> None:
    environment.lacks(variable)
    assert refusal() == expected


@pytest.mark.parametrize(("variable", "prefix"), [("SLACK_BOT_TOKEN", "xoxb-"), ("SLACK_APP_TOKEN", "xapp-")])
def test_a_token_of_another_kind_is_refused_without_showing_it(
    environment: Environment, variable: str, prefix: str
) -> None:
    environment.holds(**{variable: f"xoxp-{SECRET}"})
    assert refusal() == (f"{variable}: is not a token of this kind; expected one that begins with {prefix}")


@pytest.mark.parametrize("variable", ADDRESSES)
@pytest.mark.parametrize("value", ["prometheus:9090", "ftp://prometheus", "https://", "http:// x"])
def test_an_address_that_is_none_is_refused(environment: Environment, variable: str, value: str) -> None:
    environment.holds(**{variable: value})
    assert refusal() == (f"{variable}: is not an address; expected one that begins with http:// or https://")


@pytest.mark.parametrize(
    ("given", "used"),
    [
        ("http://prometheus:9090", "http://prometheus:9090"),
        ("https://example.com/prometheus/", "https://example.com/prometheus"),
        ("https://[::1]:9090/", "https://[::1]:9090"),
    ],
)
def test_prometheus_may_have_a_path_of_its_own(environment: Environment, given: str, used: str) -> None:
    environment.holds(PROMETHEUS_URL=given)
    assert read_settings().prometheus_url == used


@pytest.mark.parametrize(
    ("given", "what"),
    [
        (f"https://ana:{SECRET}@prometheus", "holds a user or password"),
        (f"https://{SECRET}@prometheus", "holds a user or password"),
        (f"https://prometheus/?token={SECRET}", "goes on after its path"),
        (f"https://prometheus/#{SECRET}", "goes on after its path"),
        (f"https://prometheus:{SECRET}", "is not an address"),
        ("https://prometheus:0", "is not an address"),
        ("https://:9090", "is not an address"),
        ("https://[::1", "is not an address"),
    ],
)
def test_an_address_of_prometheus_that_cannot_be_used_is_refused_without_its_secrets(
    environment: Environment, given: str, what: str
) -> None:
    environment.holds(PROMETHEUS_URL=given)
    told = refusal()
    assert told.startswith(f"PROMETHEUS_URL: {what}")
    assert "expected " in told
    assert SECRET not in told


@pytest.mark.parametrize("token", [f"{SECRET} x", f"{SECRET}\nX-Evil: 1", f"{SECRET}ü"])
def test_a_token_that_fits_no_header_is_refused_without_showing_it(
    environment: Environment, token: str
) -> None:
    environment.holds(PROMETHEUS_TOKEN=token)
    told = refusal()
    assert told.startswith("PROMETHEUS_TOKEN: cannot be sent; expected a bearer token")
    assert SECRET not in told


@pytest.mark.parametrize("port", ["eighty", "-1", "65536", "3000.5"])
def test_a_port_that_is_none_is_refused(environment: Environment, port: str) -> None:
    environment.holds(OPSBOT_PORT=port)
    told = refusal()
    assert told.startswith("OPSBOT_PORT: ")
    assert told.endswith("; expected a port number from 0 to 65535")


@pytest.mark.parametrize("url", [f"mysql://opsbot:{SECRET}@db/x", "opsbot.db", f"postgresql://:{SECRET}@db"])
def test_a_database_that_is_not_known_is_refused_without_its_password(
    environment: Environment, url: str
) -> None:
    environment.holds(DATABASE_URL=url)
    assert refusal() == (
        "DATABASE_URL: names no database that opsbot knows; "
        "expected sqlite+aiosqlite:///… or postgresql+asyncpg://…"
    )


def test_an_api_key_needs_the_email_of_a_user(environment: Environment) -> None:
    environment.holds(PAGERDUTY_API_KEY=SECRET)
    told = refusal()
    assert told.startswith("PAGERDUTY_FROM_EMAIL: missing; expected the e-mail of a PagerDuty user")
    assert SECRET not in told


def test_everything_that_is_wrong_is_told_at_once_a_line_each(bare: Environment) -> None:
    bare.holds(OPSBOT_PORT="x", PROMETHEUS_URL="x", DATABASE_URL="x")
    names = [line.partition(":")[0] for line in refusal().splitlines()]
    assert sorted(names) == ["DATABASE_URL", "OPSBOT_PORT", "PROMETHEUS_URL", "SLACK_BOT_TOKEN"]


# --- Secrets stay secret


@pytest.mark.parametrize(
    "wrong", ["OPSBOT_PORT", "PROMETHEUS_URL", "SLACK_BOT_TOKEN", "PAGERDUTY_FROM_EMAIL"]
)
def test_no_refusal_shows_a_secret_of_any_variable(bare: Environment, wrong: str) -> None:
    bare.holds(**SECRETS, PAGERDUTY_FROM_EMAIL="ops@example.com")
    bare.holds(**{wrong: "" if "EMAIL" in wrong else f"wrong-{SECRET}"})
    with pytest.raises(SettingsError) as error:
        read_settings()
    assert SECRET not in str(error.value)
    assert SECRET not in repr(error.value)
    assert error.value.__cause__ is None
    assert error.value.__suppress_context__


@pytest.mark.parametrize("show", [repr, str, lambda one: str(one.model_dump()), lambda one: f"{one!r:>9}"])
def test_settings_show_no_secret(bare: Environment, show: object) -> None:
    assert callable(show)
    bare.holds(**SECRETS, PAGERDUTY_FROM_EMAIL="ops@example.com")
    settings = read_settings()
    assert settings.pagerduty_routing_keys
    assert SECRET not in show(settings)
    assert SECRET not in settings.model_dump_json()


def test_settings_cannot_be_changed(environment: Environment) -> None:
    settings = read_settings()
    with pytest.raises(ValueError, match="frozen"):
        settings.opsbot_port = 1


# --- Commands that need little


def test_where_the_database_is_needs_no_slack(bare: Environment) -> None:
    assert read_database_url().get_secret_value() == "sqlite+aiosqlite:///opsbot.db"
    bare.holds(DATABASE_URL=SECRETS["DATABASE_URL"])
    url = read_database_url()
    assert url.get_secret_value() == SECRETS["DATABASE_URL"]
    assert SECRET not in repr(url)


def test_where_the_database_is_can_be_refused_without_its_password(bare: Environment) -> None:
    bare.holds(DATABASE_URL=f"mysql://opsbot:{SECRET}@db/x")
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: names no database that opsbot knows; ") as error:
        read_database_url()
    assert SECRET not in str(error.value)


def test_where_the_guide_is_needs_no_slack(bare: Environment) -> None:
    assert read_guide_path() is None
    bare.holds(OPSBOT_GUIDE="/etc/opsbot/guide.yaml")
    assert read_guide_path() == Path("/etc/opsbot/guide.yaml")


def test_secrets_of_webhooks_are_read_by_the_guides_key_and_are_secrets(
    environment: Environment, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("from-file\n")
    environment.holds(
        OPSBOT_WEBHOOK_SECRET_DEPLOYER="from-variable", OPSBOT_WEBHOOK_SECRET_ROLL_BACK_FILE=str(file)
    )
    settings = read_settings()
    found = {key: one.get_secret_value() for key, one in settings.opsbot_webhook_secrets.items()}
    assert found == {"deployer": "from-variable", "roll-back": "from-file"}
    assert {"from-variable", "from-file"} <= set(secrets_of(settings))
    assert "from-" not in repr(settings)
    assert hook_variable_of("roll-back") == "OPSBOT_WEBHOOK_SECRET_ROLL_BACK"
