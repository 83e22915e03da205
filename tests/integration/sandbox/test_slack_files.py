from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox.slack import SlackStandIn, files
from bot.sandbox.slack.manifest import App
from tests.support.slack import SteppedClock, slack_stand_in

ALERTS, GENERAL, SECURITY = "C0ALERTS1", "C0GENERAL", "C0SECURE1"
PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 64


@pytest.fixture
async def clock() -> SteppedClock:
    return SteppedClock()


@pytest.fixture
async def slack(clock: SteppedClock) -> AsyncIterator[SlackStandIn]:
    async with slack_stand_in(SlackStandIn(app=App(), clock=clock)) as slack:
        yield slack


@pytest.fixture
async def client(slack: SlackStandIn) -> AsyncWebClient:
    return AsyncWebClient(slack.tokens.bot, base_url=f"{slack.url}/api/", retry_handlers=[])


async def refusal(call: Any) -> str:
    with pytest.raises(SlackApiError) as refused:
        await call
    return str(refused.value.response["error"])


async def upload(client: AsyncWebClient, name: str = "slo.png", **more: Any) -> dict[str, Any]:
    answer = await client.files_upload_v2(content=PNG, filename=name, **more)
    file: dict[str, Any] = answer["file"]
    return file


async def fetch(url: str, token: str | None = None) -> tuple[int, str, bytes]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as answer:
        return answer.status, answer.content_type, await answer.read()


async def post(url: str, data: Any) -> tuple[int, str]:
    async with aiohttp.ClientSession() as session, session.post(url, data=data) as answer:
        return answer.status, await answer.text()


def image(**slack_file: str) -> list[dict[str, Any]]:
    return [{"type": "image", "alt_text": "SLO", "slack_file": slack_file}]


async def test_private_bytes_are_given_to_the_bots_token(slack: SlackStandIn, client: AsyncWebClient) -> None:
    file = await upload(client)
    assert await fetch(file["url_private"], slack.tokens.bot) == (200, "image/png", PNG)
    assert (await fetch(file["url_private_download"], slack.tokens.bot))[2] == PNG


@pytest.mark.parametrize("token", [None, "xoxb-wrong", "xapp-stand-in"])
async def test_whoever_else_asks_for_private_bytes_is_asked_to_sign_in(
    client: AsyncWebClient, token: str | None
) -> None:
    file = await upload(client)
    _, kind, body = await fetch(file["url_private"], token)
    assert kind == "text/html"
    assert b"Sign in" in body


async def test_control_gives_the_page_a_files_bytes(slack: SlackStandIn, client: AsyncWebClient) -> None:
    file = await upload(client)
    assert await fetch(f"{slack.url}/control/file?id={file['id']}") == (200, "image/png", PNG)
    assert (await fetch(f"{slack.url}/control/file?id=F0NOTHING"))[0] == 404


async def test_what_is_no_picture_is_never_shown_in_the_browser(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    file = await upload(client, "page.svg")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/control/file?id={file['id']}") as answer,
    ):
        assert answer.headers["Content-Disposition"] == "attachment"
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


async def test_the_answer_to_an_upload_comes_before_slack_is_done(
    client: AsyncWebClient, clock: SteppedClock
) -> None:
    file = await upload(client)
    clock.forward(seconds=1)
    later = await client.files_info(file=file["id"])
    assert (file["mimetype"], later["file"]["mimetype"]) == ("", "image/png")


async def test_an_image_block_shows_an_upload_only_after_a_moment(
    client: AsyncWebClient, clock: SteppedClock
) -> None:
    file = await upload(client)
    blocks = image(id=file["id"])
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel=ALERTS, text="SLO", blocks=blocks)
    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]
    clock.forward(seconds=1)
    assert (await client.chat_postMessage(channel=ALERTS, text="SLO", blocks=blocks))["ok"]


@pytest.mark.parametrize("link", ["url_private", "permalink"])
async def test_an_image_block_shows_a_shared_file_at_once_by_its_link(
    client: AsyncWebClient, link: str
) -> None:
    file = await upload(client, channel=ALERTS)
    assert (await client.chat_postMessage(channel=ALERTS, text="SLO", blocks=image(url=file[link])))["ok"]


async def test_an_image_block_does_not_show_what_is_no_image(client: AsyncWebClient) -> None:
    file = await upload(client, "report.pdf", channel=ALERTS)
    call = client.chat_postMessage(channel=ALERTS, text="SLO", blocks=image(id=file["id"]))
    assert await refusal(call) == "invalid_blocks"


async def test_a_share_is_told_by_files_info(slack: SlackStandIn, client: AsyncWebClient) -> None:
    file = await upload(client, channel=ALERTS)
    [message] = slack.messages_in(ALERTS)
    told = (await client.files_info(file=file["id"]))["file"]
    assert [share["ts"] for share in told["shares"]["public"][ALERTS]] == [message.ts]
    assert told["channels"] == [ALERTS]


async def test_a_file_may_be_shared_into_several_channels_and_direct_messages(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    file = await upload(client, channels=[ALERTS, SECURITY])
    told = (await client.files_info(file=file["id"]))["file"]
    assert (told["channels"], told["groups"]) == ([ALERTS], [SECURITY])
    assert len(slack.messages) == 2


@pytest.mark.parametrize(
    ("channel", "error"),
    [(GENERAL, "not_in_channel"), ("C0NOWHERE", "channel_not_found"), ("leadership", "channel_not_found")],
)
async def test_a_file_is_shared_only_where_the_bot_is(
    client: AsyncWebClient, channel: str, error: str
) -> None:
    assert await refusal(upload(client, channel=channel)) == error


async def test_a_thread_that_does_not_exist_takes_no_file(client: AsyncWebClient) -> None:
    assert await refusal(upload(client, channel=ALERTS, thread_ts="1.000001")) == "thread_not_found"


async def test_an_upload_that_nobody_sent_cannot_be_completed(client: AsyncWebClient) -> None:
    awaited = await client.files_getUploadURLExternal(filename="a.png", length=10)
    files_: list[dict[str, str | None]] = [{"id": str(awaited["file_id"])}]
    assert await refusal(client.files_completeUploadExternal(files=files_)) == "file_not_found"


async def test_bytes_may_come_as_a_form(client: AsyncWebClient) -> None:
    awaited = await client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    form = aiohttp.FormData()
    form.add_field("filename", PNG, filename="a.png")
    assert await post(str(awaited["upload_url"]), form) == (200, f"OK - {len(PNG)}")


async def test_bytes_of_another_length_are_refused(client: AsyncWebClient) -> None:
    awaited = await client.files_getUploadURLExternal(filename="a.png", length=10)
    assert await post(str(awaited["upload_url"]), PNG) == (400, "72 bytes came, 10 were announced")


async def test_an_upload_url_works_for_one_file_only(slack: SlackStandIn, client: AsyncWebClient) -> None:
    awaited = await client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    await post(str(awaited["upload_url"]), PNG)
    await client.files_completeUploadExternal(files=[{"id": str(awaited["file_id"])}])
    assert (await post(str(awaited["upload_url"]), PNG))[0] == 404
    assert (await post(f"{slack.url}/upload/v1/made-up", PNG))[0] == 404


@pytest.mark.parametrize(
    ("args", "error"),
    [
        ({"length": 0}, "invalid_arguments"),
        ({"length": files.FILE_BYTES + 1}, "file_upload_size_restricted"),
        ({"alt_txt": "x" * 1001}, "alt_txt_too_large"),
        ({"snippet_type": "python", "length": 1_000_001}, "snippet_too_large"),
    ],
)
async def test_some_uploads_are_not_awaited(client: AsyncWebClient, args: dict[str, Any], error: str) -> None:
    call = client.files_getUploadURLExternal(**{"filename": "a.png", "length": 10, **args})
    assert await refusal(call) == error


async def test_an_upload_url_is_not_asked_for_in_json(client: AsyncWebClient) -> None:
    call = client.api_call("files.getUploadURLExternal", json={"filename": "a.png", "length": 10})
    assert await refusal(call) == "invalid_arguments"


async def test_an_alt_text_may_have_1000_characters(client: AsyncWebClient) -> None:
    file = await upload(client, alt_txt="x" * 1000)
    assert file["alt_txt"] == "x" * 1000


async def test_a_deleted_file_leaves_a_tombstone(slack: SlackStandIn, client: AsyncWebClient) -> None:
    file = await upload(client, channel=ALERTS)
    await client.files_delete(file=file["id"])
    [message] = slack.messages_in(ALERTS)
    assert message.files == [{"id": file["id"], "mode": "tombstone"}]
    assert await refusal(client.files_info(file=file["id"])) == "file_not_found"
    assert await refusal(client.files_delete(file=file["id"])) == "file_not_found"


async def test_files_are_listed_by_type_and_place_and_page(client: AsyncWebClient) -> None:
    await upload(client, "report.pdf")
    for number in range(3):
        await upload(client, f"{number}.png", channel=ALERTS)
    images = await client.files_list(types="images", count=2)
    assert [file["name"] for file in images["files"]] == ["2.png", "1.png"]
    assert images["paging"] == {"count": 2, "total": 3, "page": 1, "pages": 2}
    assert len((await client.files_list(channel=ALERTS))["files"]) == 3
    assert [file["name"] for file in (await client.files_list(types="pdfs"))["files"]] == ["report.pdf"]
    assert await refusal(client.files_list(types="songs")) == "unknown_type"


async def test_the_oldest_files_are_hidden_where_the_room_is_used_up(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    store, size = slack.workspace.files, files.FILE_BYTES
    names = ["a.bin", "b.bin", "c.bin"]
    for name in names:
        file = store.expect(name, size, "U0OPSBOT1", alt_text="", snippet_type="")
        store.fill(file, bytes(size))
        store.complete(file)
    shown = await client.files_list(show_files_hidden_by_limit=True)
    assert [file["mode"] for file in shown["files"]] == ["hosted", "hosted", "hidden_by_limit"]
    assert [file["name"] for file in (await client.files_list())["files"]] == ["c.bin", "b.bin"]


async def test_an_upload_meets_the_faults_that_are_switched_on(
    slack: SlackStandIn, client: AsyncWebClient
) -> None:
    awaited = await client.files_getUploadURLExternal(filename="a.png", length=len(PNG))
    slack.faults.add("status", "upload", status=503, count=1)
    assert (await post(str(awaited["upload_url"]), PNG))[0] == 503
    assert (await post(str(awaited["upload_url"]), PNG))[0] == 200
