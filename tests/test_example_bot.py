"""The example bot, run as its readers run it: a program of its own against a real server."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.example_bot import parser, reply_to
from tests.serving import PATIENCE_S, Server, environment, serving

ROOT = Path(__file__).parents[1]
BOT = ROOT / "scripts/example_bot.py"
MATCHES = 50
QUICK = (
    *("--rounds", "2", "--round-ms", "500", "--reveal-ms", "0", "--countdown-ms", "0"),
    *("--pair-every-ms", "10", "--rate-limit", "0"),
)


def bot(server: Server, name: str, *flags: str) -> subprocess.Popen[str]:
    """The example bot on a server, thinking no longer than it must."""
    url = f"http://127.0.0.1:{server.port}"
    return subprocess.Popen(
        [sys.executable, BOT, url, name, "--think-s", "0", *flags],
        env=environment(ROOT),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finished(ended: subprocess.Popen[str], patience_s: float = PATIENCE_S) -> list[str]:
    """What a bot said that has come to a good end."""
    out, err = ended.communicate(timeout=patience_s)
    assert ended.returncode == 0, err
    return out.splitlines()


def test_the_example_is_a_page_long_and_needs_nothing_but_aiohttp() -> None:
    lines = BOT.read_text("utf-8").splitlines()
    assert len(lines) < 80
    imported = {line.split()[1] for line in lines if line.startswith(("import ", "from "))}
    assert imported - set(sys.stdlib_module_names) == {"aiohttp"}


@pytest.mark.timeout(300)  # a minute of playing, on a busy machine more
def test_the_example_plays_fifty_matches_against_a_practice_opponent(tmp_path: Path) -> None:
    with serving(tmp_path, *QUICK) as server:
        flags = ("--against", "practice-5", "--matches", str(MATCHES))
        said = finished(bot(server, "Reader", *flags), 2 * PATIENCE_S)
        played = [line.split() for line in said]
        assert len({match for match, _, _ in played}) == MATCHES
        assert {reason for _, _, reason in played} == {"played"}
        records: list[dict[str, Any]] = [
            json.loads(server.fetch(f"/api/matches/{match}")) for match, _, _ in played
        ]
        for record in records:
            assert (record["rated"], record["unrated_because"], record["ratings"]) == (
                False,
                "bot",
                None,
            )
            assert [player["practice"] for player in record["players"]].count(True) == 1
            assert all(player["bot"] for player in record["players"])
        right = [
            answer["points"] > 0
            for record in records
            for round_ in record["rounds"]
            for player, answer in zip(record["players"], round_["answers"], strict=True)
            if answer is not None and not player["practice"]
        ]
        assert len(right) == 2 * MATCHES
        assert all(right), "it has read the deck"
        board = json.loads(server.fetch("/api/decks/deep-learning-interview/leaderboard"))
        assert board["rated_players"] == 0


def test_two_examples_that_seek_play_each_other(tmp_path: Path) -> None:
    with serving(tmp_path, *QUICK) as server:
        one, two = (bot(server, name, "--seek", "--matches", "2") for name in ("One", "Two"))
        assert finished(one) == finished(two)


async def test_while_the_storage_is_away_the_example_stays_and_says_the_same_again() -> None:
    wanted = parser.parse_args(["http://127.0.0.1", "Reader", "--seek"])
    seek = await reply_to({"type": "welcome", "live_match": None, "seeking": None}, {}, {}, wanted)
    assert seek is not None
    for message in (
        {"type": "storage", "available": False},
        {"type": "storage", "available": True},
        {"type": "refused", "reason": "already_answered", "detail": "before"},
    ):
        assert await reply_to(message, seek, {}, wanted) is None
    refused = {"type": "refused", "reason": "unavailable", "detail": "away"}
    assert await reply_to(refused, seek, {}, wanted) == seek


def test_an_example_without_a_free_name_says_so(tmp_path: Path) -> None:
    with serving(tmp_path, *QUICK) as server:
        ended = bot(server, "Old Owl")
        _, err = ended.communicate(timeout=PATIENCE_S)
        assert ended.returncode == 1
        assert err.strip() == "Somebody has this name already: choose another."
