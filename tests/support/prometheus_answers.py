"""What Prometheus answers, held against what its stand-in answers to the same."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import aiohttp

from tests.support.programs import do_without


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered to what was asked."""

    params: Mapping[str, Any]
    status: int
    body: dict[str, Any]

    def samples(self) -> dict[tuple[tuple[str, str], ...], list[tuple[float, str]]]:
        """Instants and values, as written, by label set."""
        data = self.body["data"]
        if data["resultType"] == "scalar":
            return {(): [tuple(data["result"])]}
        found = {}
        for series in data["result"]:
            name = tuple(sorted(series["metric"].items()))
            assert name not in found, f"{name} comes twice"
            found[name] = [tuple(each) for each in series.get("values") or [series["value"]]]
        return found


async def without_version_3(real: aiohttp.ClientSession) -> None:
    """Skip the test where the real one reads ranges otherwise than the stand-in does."""
    async with real.get("/api/v1/status/buildinfo") as build:
        version = (await build.json())["data"]["version"]
    if not version.startswith("2."):
        do_without(f"the stand-in has the ways of Prometheus 2, not {version}")


async def ask(http: aiohttp.ClientSession, path: str, params: Mapping[str, Any]) -> Answer:
    """Put a question to one of them."""
    async with http.post(f"/api/v1/{path}", data=params) as answer:
        return Answer(params, answer.status, await answer.json())


def difference(ours: Answer, real: Answer) -> str:
    """What is wrong with our answer; empty where nothing is."""
    if (ours.status, ours.body.get("errorType")) != (real.status, real.body.get("errorType")):
        return f"{ours.params}: {ours.status} {ours.body}\n   real: {real.status} {str(real.body)[:300]}"
    if real.status != 200:
        return ""
    if ours.body["data"]["resultType"] != real.body["data"]["resultType"]:
        return f"{ours.params}: {ours.body['data']['resultType']} {real.body['data']['resultType']}"
    is_ours, is_real = ours.samples(), real.samples()
    if is_ours.keys() != is_real.keys():
        return f"{ours.params}: series {sorted(is_ours.keys() ^ is_real.keys())} are not in both"
    wrong = [name for name, samples in is_real.items() if not _alike(is_ours[name], samples)]
    return f"{ours.params}: {wrong[0]} {is_ours[wrong[0]]}\n   real: {is_real[wrong[0]]}" if wrong else ""


def _alike(ours: Sequence[tuple[float, str]], real: Sequence[tuple[float, str]]) -> bool:
    return [at for at, _ in ours] == [at for at, _ in real] and all(
        mine == other or math.isclose(float(mine), float(other), rel_tol=1e-9, abs_tol=1e-12)
        for (_, mine), (_, other) in zip(ours, real, strict=True)
    )
