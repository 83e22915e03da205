"""What is shipped runs anywhere: the wheel in an environment with its own dependencies and nothing else."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from zipfile import ZipFile

import pytest

from tests.support.bot_process import surroundings
from tests.support.nursery import CHECKOUT

UV = Path(sys.executable).with_name("uv")
PATIENCE_SECONDS = 300


@dataclass(frozen=True, slots=True)
class Installed:
    """The wheel, and the environment that it is installed in."""

    wheel: Path
    environment: Path

    def run(self, name: str, *arguments: str, folder: Path) -> subprocess.CompletedProcess[str]:
        """Run one of the environment's commands in a folder that has nothing to do with the project."""
        variables = {key: value for key, value in surroundings().items() if key != "PYTHONPATH"}
        command = [str(self.environment / "bin" / name), *arguments]
        return _run(command, variables, folder)


def _run(command: list[str], variables: Mapping[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command,
        env=variables,
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=PATIENCE_SECONDS,
        check=False,
    )


def _uv(*arguments: str, **variables: str) -> None:
    """Run uv with what it has kept; with the network only where that is not enough."""
    environment = surroundings() | variables
    if _run([str(UV), *arguments, "--offline"], environment, CHECKOUT).returncode != 0:
        ran = _run([str(UV), *arguments], environment, CHECKOUT)
        assert ran.returncode == 0, ran.stderr


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    folder = tmp_path_factory.mktemp("wheel")
    environment = folder / "environment"
    _uv("build", "--wheel", "--quiet", "--out-dir", str(folder))
    (wheel,) = folder.glob("opsbot-*.whl")
    python = ["--python", sys.executable]
    locked = ["--frozen", "--no-dev", "--no-install-project"]
    _uv("sync", "--quiet", *locked, *python, UV_PROJECT_ENVIRONMENT=str(environment))
    target = ["--python", str(environment / "bin" / "python")]
    _uv("pip", "install", "--quiet", "--no-deps", *target, str(wheel))
    return Installed(wheel, environment)


def test_everything_of_the_packages_is_in_the_wheel(installed: Installed) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
    packages = project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    wanted = {
        str(file.relative_to(CHECKOUT))
        for package in packages
        for file in (CHECKOUT / package).rglob("*")
        if file.is_file() and file.suffix != ".pyc"
    }
    shipped = set(ZipFile(installed.wheel).namelist())
    assert {"manifests/operations-guide.yaml", "bot/sandbox/page/static/index.html"} <= wanted
    assert wanted - shipped == set()


def test_nothing_but_the_packages_is_in_the_wheel(installed: Installed) -> None:
    folders = {name.partition("/")[0] for name in ZipFile(installed.wheel).namelist()}
    assert {name for name in folders if not name.endswith(".dist-info")} == {
        "bot",
        "handlers",
        "manifests",
        "scheduler",
        "storage",
    }


def test_every_part_finds_what_it_imports(installed: Installed, tmp_path: Path) -> None:
    parts = "bot.app, bot.adapters.pagerduty, bot.sandbox.supervisor, storage.sqlite, storage.postgresql"
    where = f"import {parts}; print(bot.__file__)"
    ran = installed.run("python", "-W", "error", "-c", where, folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout.startswith(str(installed.environment))


def test_the_shipped_guide_is_found_and_has_no_errors(installed: Installed, tmp_path: Path) -> None:
    ran = installed.run("opsbot", "guide", "lint", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert "operations-guide.yaml: 0 errors" in ran.stdout


def test_the_shipped_guide_is_shown(installed: Installed, tmp_path: Path) -> None:
    ran = installed.run("opsbot", "guide", "show", folder=tmp_path)
    assert ran.returncode == 0, ran.stderr
    assert all(severity in ran.stdout for severity in ("P0", "P1", "P2", "P3"))


def test_the_rules_of_the_shipped_guide_are_printed(installed: Installed, tmp_path: Path) -> None:
    ran = installed.run("opsbot", "guide", "rules", folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout == (CHECKOUT / "manifests" / "prometheus" / "opsbot-rules.yaml").read_text()


def test_a_database_is_made_where_the_command_is_run(installed: Installed, tmp_path: Path) -> None:
    ran = installed.run("opsbot", "migrate", folder=tmp_path)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert (tmp_path / "opsbot.db").is_file()


def test_a_chart_is_drawn(installed: Installed, tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from bot.adapters.charts.child import ChildCharts\n"
        "from bot.domain.incidents_chart import IncidentsChart\n"
        "from bot.domain.severity import Severity\n"
        "from bot.domain.statistics import Week\n"
        "from datetime import UTC, datetime\n"
        "since, counts = datetime(2026, 3, 2, tzinfo=UTC), {Severity.P0: 2}\n"
        "week = Week(since=since, by_severity=counts, to_acknowledge=None)\n"
        "chart = IncidentsChart(title='Incidents', alt_text='', severities=(Severity.P0,), weeks=(week,))\n"
        "async def main():\n"
        "    charts = ChildCharts(seconds=60)\n"
        "    print(len(await charts.draw(chart)) > 10_000)\n"
        "    await charts.aclose()\n"
        "asyncio.run(main())"
    )
    ran = installed.run("python", "-W", "error", "-c", code, folder=tmp_path)
    assert (ran.returncode, ran.stdout, ran.stderr) == (0, "True\n", "")
