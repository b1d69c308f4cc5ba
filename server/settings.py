"""The settings of `deckduel serve`: one frozen value, read from flags and the environment."""

import os.path
from collections.abc import Mapping
from ipaddress import ip_network
from pathlib import Path
from typing import (
    Annotated,
    Any,
    Final,
    Literal,
    get_args,
    get_origin,
    get_type_hints,
)
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta, Struct

from server.store.address import Address

ENV_PREFIX: Final = "DECKDUEL_"
OTHER_VARIABLES: Final = frozenset({"DECKDUEL_CHROMIUM"})  # read by scripts/test
_MOST_DIGITS: Final = 9
"""Of a whole number, more than any range has: Python itself refuses the int() of a long text."""


class SettingsError(ValueError):
    """A setting that cannot be used; the message is one sentence for the person who gave it."""


class Settings(Struct, frozen=True, kw_only=True):
    """Every setting under the name of its flag; durations in whole milliseconds.

    `data_dir` is None only where `redis_url` is given: without one, the data of the
    embedded Redis lives there.
    """

    host: Annotated[str, Meta(description="address to listen on")] = "0.0.0.0"  # noqa: S104 (players come from the LAN)
    port: Annotated[int, Meta(ge=1, le=65_535, description="TCP port to listen on")] = 8000
    public_url: Annotated[
        str | None,
        Meta(description="origin that browsers use, such as https://duel.example.org"),
    ] = None
    trusted_proxies: Annotated[
        tuple[str, ...] | None,
        Meta(description="proxies that say whom they speak for, such as 127.0.0.1,10.0.0.0/24"),
    ] = None
    redis_url: Annotated[
        str | None,
        Meta(
            description="Redis or Valkey to use, also redis+sentinel:// or redis+cluster://; "
            "left out, one is started"
        ),
    ] = None
    data_dir: Annotated[Path | None, Meta(description="where the started Redis keeps its data")] = (
        None
    )
    rounds: Annotated[int, Meta(ge=1, le=50, description="rounds of a match")] = 10
    round_ms: Annotated[int, Meta(ge=100, le=600_000, description="time to answer a round")] = (
        15_000
    )
    reveal_ms: Annotated[
        int, Meta(ge=0, le=60_000, description="pause after a round, to look at it")
    ] = 3_000
    countdown_ms: Annotated[
        int, Meta(ge=0, le=60_000, description="countdown before the first round")
    ] = 3_000
    ready_ms: Annotated[
        int, Meta(ge=100, le=600_000, description="time for both players to be ready")
    ] = 10_000
    forfeit_ms: Annotated[
        int, Meta(ge=100, le=600_000, description="absence in a row that loses a match")
    ] = 30_000
    pair_every_ms: Annotated[
        int, Meta(ge=10, le=60_000, description="time between two passes over the seeks")
    ] = 500
    pair_limits: Annotated[
        bool, Meta(description="limit rated matches of the same pair: on or off")
    ] = True
    rate_limit: Annotated[
        int, Meta(ge=0, le=100_000, description="messages a second from one socket; 0: no limit")
    ] = 20
    workers: Annotated[int, Meta(ge=1, le=64, description="processes that serve")] = 1
    partitions: Annotated[
        int,
        Meta(
            ge=1,
            le=1024,
            description="partitions of matches, which spread over a cluster: some 8 for each "
            "master it may ever have, 1 is enough for one Redis; fixed per installation",
        ),
    ] = 1
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"], Meta(description="least level logged")
    ] = "info"


def flag_of(name: str) -> str:
    """Say how a setting is written on the command line."""
    return "--" + name.replace("_", "-")


def variable_of(name: str) -> str:
    """Say how a setting is written in the environment."""
    return ENV_PREFIX + name.upper()


def describe() -> dict[str, str]:
    """Give each setting's name with a sentence for the help page, in order."""
    texts: dict[str, str] = {}
    for field in msgspec.structs.fields(Settings):
        _, meta = _hint(field.name)
        default = field.default
        shown = ("off", "on")[default] if isinstance(default, bool) else default
        texts[field.name] = (meta.description or "") + ("" if shown is None else f" ({shown})")
    return texts


def from_sources(flags: Mapping[str, str | None], environ: Mapping[str, str]) -> Settings:
    """Read the settings; a flag beats its environment variable, which beats the default.

    `flags` maps names of settings to texts, None where the flag was not given.

    Raises:
        SettingsError: a value out of range or of the wrong kind, or an unknown variable.
    """
    names = [field.name for field in msgspec.structs.fields(Settings)]
    _refuse_unknown(names, flags, environ)
    given: dict[str, Any] = {}
    for name in names:
        text, source = flags.get(name), flag_of(name)
        if text is None:
            text, source = environ.get(variable_of(name)), variable_of(name)
        if text is not None:
            given[name] = _parse(name, text, source)
    if "redis_url" not in given and "data_dir" not in given:
        given["data_dir"] = default_data_dir(environ)
    return Settings(**given)


def default_data_dir(environ: Mapping[str, str]) -> Path:
    """Name the directory of the XDG base directory specification for a user's data.

    Raises:
        SettingsError: the environment names no home.
    """
    base = environ.get("XDG_DATA_HOME", "")
    if os.path.isabs(base):  # noqa: PTH117 (the specification ignores relative ones)
        return Path(base) / "deckduel"
    if home := environ.get("HOME", ""):
        return Path(home) / ".local" / "share" / "deckduel"
    message = "--data-dir is needed: neither XDG_DATA_HOME nor HOME is set."
    raise SettingsError(message)


def _refuse_unknown(
    names: list[str], flags: Mapping[str, str | None], environ: Mapping[str, str]
) -> None:
    for flag in sorted(set(flags) - set(names)):
        message = f"{flag_of(flag)} is no setting of deckduel."
        raise SettingsError(message)
    known = {variable_of(name) for name in names} | OTHER_VARIABLES
    for variable in sorted(environ):
        if variable.startswith(ENV_PREFIX) and variable not in known:
            message = f"{variable} is no setting of deckduel; see deckduel serve --help."
            raise SettingsError(message)


def _parse(name: str, text: str, source: str) -> object:
    """Turn the text of one setting into its value; `source` is what the person wrote."""
    kind, meta = _hint(name)
    if kind is int:
        return _whole_number(text, source, meta)
    if kind is bool:
        return _choice(text, source, ("on", "off")) == "on"
    if get_origin(kind) is Literal:
        return _choice(text, source, get_args(kind))
    if not text.strip():
        message = f"{source} must not be empty."
        raise SettingsError(message)
    value = text.strip()
    if name == "data_dir":
        return Path(value)
    match name:
        case "redis_url":
            return _redis_url(value, source)
        case "public_url":
            return _origin(value, source)
        case "trusted_proxies":
            return _networks(value, source)
    return value


def _whole_number(text: str, source: str, meta: Meta) -> int:
    digits = text.strip()
    if digits.isascii() and digits.removeprefix("-").isdigit() and len(digits) <= _MOST_DIGITS:
        value = int(digits)
        if (meta.ge or 0) <= value <= (meta.le or 0):
            return value
    message = f"{source} must be a whole number from {meta.ge} to {meta.le}, not {text!r}."
    raise SettingsError(message)


def _choice(text: str, source: str, allowed: tuple[str, ...]) -> str:
    value = text.strip().lower()
    if value not in allowed:
        message = f"{source} must be {', '.join(allowed[:-1])} or {allowed[-1]}, not {text!r}."
        raise SettingsError(message)
    return value


def _redis_url(text: str, source: str) -> str:
    """Check the outside only; the text stays out of the message, as it may hold a password."""
    try:
        Address.of(text)
    except ValueError:
        message = (
            f"{source} must be such as redis://host:6379/0, rediss://…, unix:///a/socket, "
            "redis+sentinel://host:26379,host:26379/NAME or redis+cluster://host:6379,host:6379."
        )
        raise SettingsError(message) from None
    return text


def _origin(text: str, source: str) -> str:
    message = f"{source} must be an origin such as https://duel.example.org, not {text!r}."
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        raise SettingsError(message) from None
    extra = parts.path not in {"", "/"} or parts.query or parts.fragment or "@" in parts.netloc
    if parts.scheme not in {"http", "https"} or not parts.hostname or extra:
        raise SettingsError(message)
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    default_port = {"http": 80, "https": 443}[parts.scheme]
    return f"{parts.scheme}://{host}" + ("" if port in {None, default_port} else f":{port}")


def _networks(text: str, source: str) -> tuple[str, ...]:
    try:
        return tuple(str(ip_network(part.strip())) for part in text.split(","))
    except ValueError:
        message = f"{source} must be addresses or networks such as 127.0.0.1,10.0.0.0/24."
        raise SettingsError(message) from None


def _hint(name: str) -> tuple[Any, Meta]:
    kind, meta = get_args(get_type_hints(Settings, include_extras=True)[name])
    return kind, meta
