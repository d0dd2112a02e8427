"""The operator's page as commands: what is written there is what is run."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

PAGE = Path(__file__).parents[2] / "deploy" / "README.md"


def commands(heading: str) -> list[str]:
    """The shell blocks below a heading, one script each."""
    text = PAGE.read_text(encoding="utf-8")
    [section] = re.findall(
        rf"^## {re.escape(heading)}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL
    )
    blocks = re.findall(r"^( *)```sh\n(.*?)^ *```", section, re.MULTILINE | re.DOTALL)
    return [textwrap.dedent(block) for _, block in blocks]
