"""What the documentation shows of Alertmanager's configuration, as Alertmanager's own tool reads it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.support.nursery import CHECKOUT
from tests.support.programs import real_program

_YAML = re.compile(r"^```yaml\n(.*?)^```$", re.MULTILINE | re.DOTALL)
_RECEIVER = """\
receivers:
  - name: opsbot
    webhook_configs:
      - url: http://opsbot.example.com:3000/webhooks/alertmanager
"""


def configurations() -> list[tuple[str, str]]:
    """By document: each configuration, with its receiver where only routes are shown."""
    found = [
        (file.name, text)
        for file in sorted((CHECKOUT / "docs").glob("*.md"))
        for text in _YAML.findall(file.read_text(encoding="utf-8"))
        if re.search(r"^route:", text, re.MULTILINE)
    ]
    return [(name, text if "receivers:" in text else text + _RECEIVER) for name, text in found]


@pytest.mark.parametrize(("document", "text"), configurations())
def test_alertmanager_reads_what_the_documentation_shows(document: str, text: str, tmp_path: Path) -> None:
    program = real_program("amtool", package="prometheus-alertmanager")
    file = tmp_path / "alertmanager.yml"
    file.write_text(text)
    ran = subprocess.run([program, "check-config", file], capture_output=True, text=True, check=False)
    assert ran.returncode == 0, f"{document}: {ran.stdout}{ran.stderr}"


def test_the_documentation_shows_one() -> None:
    assert "alerts.md" in {document for document, _ in configurations()}
