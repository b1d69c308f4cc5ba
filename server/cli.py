"""The command `deckduel`: `serve`, `deck check` and `--version`.

Everything heavy is imported by the command that needs it, so that `--help` is quick.
"""

import argparse
import asyncio
import errno
import logging
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final

from server import announce
from server.listening import CannotStartError, check_port, port_taken
from server.settings import Settings, SettingsError, describe, flag_of, from_sources

OK: Final = 0
CANNOT_START: Final = 2  # the code that argparse, too, gives to a wrong command line
LOG_FORMAT: Final = "%(asctime)s %(levelname)s %(name)s: %(message)s"


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code."""
    options = _parser().parse_args(argv)
    if options.command == "deck":
        from deck.report import main as check_deck

        return check_deck(options.file)
    flags = {name: getattr(options, name) for name in describe()}
    try:
        return _serve(from_sources(flags, os.environ))
    except (SettingsError, CannotStartError) as error:
        print(f"deckduel: {error}", file=sys.stderr)
        return CANNOT_START


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="deckduel", description=sys.modules["server"].__doc__)
    parser.add_argument("--version", action=_Version, help="show the version and exit")
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    serve = commands.add_parser(
        "serve",
        help="run the server",
        description="Run the server. Each flag has an environment variable, too: "
        "--round-ms is DECKDUEL_ROUND_MS. Times are in milliseconds.",
    )
    for name, text in describe().items():
        metavar = name.rpartition("_")[2].upper()
        serve.add_argument(flag_of(name), dest=name, metavar=metavar, help=text.replace("%", "%%"))
    deck = commands.add_parser("deck", help="work on a deck file")
    deck_commands = deck.add_subparsers(dest="deck_command", required=True, metavar="COMMAND")
    check = deck_commands.add_parser(
        "check", help="say which cards are broken or give answers away"
    )
    check.add_argument("file", type=Path, metavar="FILE")
    return parser


class _Version(argparse.Action):
    def __init__(self, option_strings: Sequence[str], dest: str, help: str | None = None) -> None:  # noqa: A002 (argparse's name)
        super().__init__(option_strings, dest, nargs=0, help=help)

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from importlib.metadata import version

        print(f"deckduel {version('deckduel')}")
        parser.exit()


def _serve(settings: Settings) -> int:
    """Serve until stopped by a signal.

    Raises:
        CannotStartError: the port, the data or the Redis cannot be used.
    """
    import uvloop

    logging.basicConfig(level=settings.log_level.upper(), format=LOG_FORMAT)
    try:
        with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
            runner.run(_run(settings))
    except KeyboardInterrupt:
        pass  # Ctrl-C before the server had its own way of hearing it
    return OK


async def _run(settings: Settings) -> None:
    check_port(settings.host, settings.port)
    async with _redis(settings) as (redis_url, data):
        await _check_partitions(redis_url, settings.partitions)
        from server.store.link import Unavailable

        def on_ready() -> None:
            text = announce.announcement(
                settings,
                data=data,
                lan_address=announce.find_lan_address(settings.host),
                encoding=sys.stdout.encoding,
            )
            print(text, flush=True)

        if settings.workers > 1:
            from server import supervisor

            serving = supervisor.run(settings, redis_url, on_ready=on_ready)
        else:
            from server.web import app

            serving = app.run(settings, redis_url, on_ready=on_ready)
        try:
            await serving
        except Unavailable as error:
            raise CannotStartError(f"Redis does not answer any more ({error}).") from error
        except OSError as error:
            # Somebody took the port after it was looked at.
            if error.errno != errno.EADDRINUSE:
                raise
            raise CannotStartError(port_taken(settings.port)) from error


@asynccontextmanager
async def _redis(settings: Settings) -> AsyncIterator[tuple[str, str]]:
    """Give the URL of a Redis that answers, and where its data is."""
    if settings.redis_url:
        await _check_redis(settings.redis_url)
        yield settings.redis_url, announce.data_of_redis(settings.redis_url)
        return
    from server.store.embedded import EmbeddedRedis, EmbeddedRedisError

    assert settings.data_dir is not None, "from_sources sets it where no URL is given"
    embedded = EmbeddedRedis(settings.data_dir)
    try:
        url = await embedded.start()
    except EmbeddedRedisError as error:
        raise CannotStartError(str(error)) from error
    try:
        yield url, announce.data_of_directory(settings.data_dir)
    finally:
        await embedded.stop()


async def _check_redis(url: str) -> None:
    """Ask the Redis of `--redis-url` whether it serves us.

    Raises:
        CannotStartError: it does not answer, refuses us, is too old or another kind.
    """
    from server.store.fitness import UnfitError, check_fitness

    try:
        await check_fitness(url, announce.data_of_redis(url).removeprefix("in "))
    except UnfitError as error:
        raise CannotStartError(str(error)) from error


async def _check_partitions(redis_url: str, partitions: int) -> None:
    """Hold an installation to the number of partitions that it began with.

    Raises:
        CannotStartError: it is another one, or Redis has gone.
    """
    from server.store.installation import OtherPartitionsError, agree_on_partitions
    from server.store.link import Unavailable

    try:
        await agree_on_partitions(redis_url, partitions)
    except OtherPartitionsError as error:
        raise CannotStartError(str(error)) from error
    except Unavailable as error:
        raise CannotStartError(f"Redis does not answer any more ({error}).") from error
