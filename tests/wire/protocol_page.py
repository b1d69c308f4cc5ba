"""PROTOCOL.md taken apart: its sections, examples and tables."""

import json
import re
from pathlib import Path
from typing import Any, Final

PAGE: Final = (Path(__file__).parents[2] / "PROTOCOL.md").read_text("utf-8")


def sections(chapter: str) -> list[str]:
    """The names of the message sections in a chapter."""
    body = PAGE.split(f"### {chapter}\n")[1]
    return re.findall(
        r"^#### `(\w+)`$", re.split(r"^###? ", body, flags=re.MULTILINE)[0], re.MULTILINE
    )


def examples(heading: str) -> list[Any]:
    """The JSON examples in the section of a message or a call."""
    found = re.findall(
        rf"^####? `{re.escape(heading)}`$\n(.*?)(?=^#|\Z)", PAGE, re.MULTILINE | re.DOTALL
    )
    assert len(found) == 1, f"{heading} has {len(found)} sections"
    return [json.loads(block) for block in re.findall(r"```json\n(.*?)```", found[0], re.DOTALL)]


def rows(heading: str) -> list[tuple[str, ...]]:
    """The cells of the table under a heading, without backquotes."""
    body = _body(f"### {heading}\n", r"^#+ ")
    lines = [line for line in body.splitlines() if line.startswith("|")][2:]
    return [tuple(cell.strip().strip("`") for cell in line.strip("|").split("|")) for line in lines]


def _body(heading: str, end: str) -> str:
    """What stands under the only such heading, up to the next line that matches `end`."""
    _, body = PAGE.split(heading)
    return re.split(end, body, maxsplit=1, flags=re.MULTILINE)[0]
