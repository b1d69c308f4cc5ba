"""The settings: what is said, where it is read from, and what is refused."""

from pathlib import Path

import msgspec
import pytest

from server.settings import (
    Settings,
    SettingsError,
    describe,
    flag_of,
    from_sources,
    variable_of,
)

HOME = {"HOME": "/home/ada"}
CONTRACT = [
    "--host",
    "--port",
    "--redis-url",
    "--data-dir",
    "--rounds",
    "--round-ms",
    "--reveal-ms",
    "--countdown-ms",
    "--ready-ms",
    "--forfeit-ms",
    "--pair-every-ms",
    "--pair-limits",
    "--rate-limit",
    "--workers",
]
RANGES = {
    "port": (1, 65_535),
    "rounds": (1, 50),
    "round_ms": (100, 600_000),
    "reveal_ms": (0, 60_000),
    "countdown_ms": (0, 60_000),
    "ready_ms": (100, 600_000),
    "forfeit_ms": (100, 600_000),
    "pair_every_ms": (10, 60_000),
    "rate_limit": (0, 100_000),
    "workers": (1, 64),
    "partitions": (1, 1024),
}


def test_nothing_said_means_the_documented_defaults() -> None:
    assert from_sources({}, HOME) == Settings(
        host="0.0.0.0",  # noqa: S104 - so that a phone reaches it
        port=8000,
        public_url=None,
        trusted_proxies=None,
        redis_url=None,
        data_dir=Path("/home/ada/.local/share/deckduel"),
        rounds=10,
        round_ms=15_000,
        reveal_ms=3_000,
        countdown_ms=3_000,
        ready_ms=10_000,
        forfeit_ms=30_000,
        pair_every_ms=500,
        pair_limits=True,
        rate_limit=20,
        workers=1,
        partitions=1,
        log_level="info",
    )


def test_every_flag_of_the_contract_is_a_setting() -> None:
    assert set(CONTRACT) <= {flag_of(name) for name in describe()}


def test_every_setting_is_described_with_its_default() -> None:
    texts = describe()
    for field in msgspec.structs.fields(Settings):
        text = texts[field.name]
        assert text
        if isinstance(field.default, bool):
            assert text.endswith("(on)" if field.default else "(off)")
        elif field.default is not None:
            assert text.endswith(f"({field.default})")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("host", "127.0.0.1", "127.0.0.1"),
        ("port", " 9000 ", 9000),
        ("public_url", "HTTPS://Duel.Example.org:443/", "https://duel.example.org"),
        ("public_url", "http://localhost:8080", "http://localhost:8080"),
        ("public_url", "http://[::1]:8080", "http://[::1]:8080"),
        ("trusted_proxies", "127.0.0.1", ("127.0.0.1/32",)),
        ("trusted_proxies", "10.0.0.0/8, ::1", ("10.0.0.0/8", "::1/128")),
        ("redis_url", "redis://:secret@db:6379/2", "redis://:secret@db:6379/2"),
        ("redis_url", "unix:///run/redis.sock", "unix:///run/redis.sock"),
        *(
            ("redis_url", url, url)
            for url in (
                "redis+sentinel://:secret@one:26379,[::1]:26379/duels/2",
                "rediss+sentinel://one/duels",
                "redis+cluster://one:7000,two",
                "rediss+cluster://user:a,b@one:7000/",
            )
        ),
        ("data_dir", "somewhere/else", Path("somewhere/else")),
        ("pair_limits", "off", False),
        ("pair_limits", "ON", True),
        ("rate_limit", "0", 0),
        ("workers", "2", 2),
        ("log_level", "debug", "debug"),
    ],
)
def test_a_setting_is_read_alike_from_its_flag_and_its_variable(
    name: str, text: str, value: object
) -> None:
    assert getattr(from_sources({name: text}, HOME), name) == value
    assert getattr(from_sources({}, HOME | {variable_of(name): text}), name) == value


def test_a_flag_beats_the_environment() -> None:
    environ = HOME | {"DECKDUEL_PORT": "9001", "DECKDUEL_ROUNDS": "7"}
    settings = from_sources({"port": "9002", "rounds": None}, environ)
    assert (settings.port, settings.rounds) == (9002, 7)


def test_a_flag_beats_even_a_wrong_value_in_the_environment() -> None:
    assert from_sources({"port": "9002"}, HOME | {"DECKDUEL_PORT": "none"}).port == 9002


@pytest.mark.parametrize(("name", "ends"), RANGES.items())
def test_a_number_is_taken_up_to_both_ends_of_its_range(name: str, ends: tuple[int, int]) -> None:
    low, high = ends
    for value in ends:
        assert getattr(from_sources({name: str(value)}, HOME), name) == value
    for text in (str(low - 1), str(high + 1), "1.5", "ten", "", "１", "1" * 5000, "1_0"):
        with pytest.raises(SettingsError) as refusal:
            from_sources({name: text}, HOME)
        assert str(refusal.value).startswith(
            f"{flag_of(name)} must be a whole number from {low} to {high}, not "
        )


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("host", " ", "--host must not be empty."),
        ("pair_limits", "yes", "--pair-limits must be on or off, not 'yes'."),
        (
            "log_level",
            "loud",
            "--log-level must be debug, info, warning or error, not 'loud'.",
        ),
    ],
)
def test_a_value_of_the_wrong_kind_is_one_sentence(name: str, text: str, sentence: str) -> None:
    with pytest.raises(SettingsError) as refusal:
        from_sources({name: text}, HOME)
    assert str(refusal.value) == sentence


@pytest.mark.parametrize(
    "text",
    [
        "duel.example.org",
        "ftp://duel.example.org",
        "https://",
        "https://duel.example.org/play",
        "https://duel.example.org/?a=b",
        "https://ada@duel.example.org",
        "https://duel.example.org:port",
        "https://duel.example.org:70000",
        "https://[::1",
    ],
)
def test_only_an_origin_is_a_public_url(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^--public-url must be an origin such as https://"):
        from_sources({"public_url": text}, HOME)


@pytest.mark.parametrize(
    "text", ["proxy.example.org", "127.0.0.1,", "10.0.0.1/8", "10.0.0.0/33", "1.2.3", "unix", ","]
)
def test_only_addresses_and_whole_networks_are_trusted_proxies(text: str) -> None:
    wanted = r"^--trusted-proxies must be addresses or networks such as 127\.0\.0\.1,10\."
    with pytest.raises(SettingsError, match=wanted):
        from_sources({"trusted_proxies": text}, HOME)


@pytest.mark.parametrize(
    "text",
    [
        *("localhost:6379", "http://:geheim@localhost", "redis://", "redis://:geheim@h:port"),
        *("unix://", "redis://one:1,two:2", "redis+sentinel://one", "redis+sentinel://one/name/x"),
        *("redis+cluster://one/1", "redis+cluster://one,:2", "redis+cluster://one:0"),
        *("redis+clusters://one", "unix+cluster:///a/socket"),
    ],
)
def test_an_unusable_redis_url_is_told_without_its_password(text: str) -> None:
    with pytest.raises(SettingsError, match=r"^--redis-url must be such as redis://") as refusal:
        from_sources({"redis_url": text}, HOME)
    assert "geheim" not in str(refusal.value)


def test_a_wrong_variable_is_named_as_it_was_written() -> None:
    with pytest.raises(SettingsError, match=r"^DECKDUEL_PORT must be a whole number"):
        from_sources({}, HOME | {"DECKDUEL_PORT": "http"})


def test_a_variable_that_nobody_reads_is_refused() -> None:
    with pytest.raises(SettingsError, match=r"^DECKDUEL_PROT is no setting of deckduel"):
        from_sources({}, HOME | {"DECKDUEL_PROT": "8000"})


def test_the_variable_of_the_tests_is_no_mistake() -> None:
    assert from_sources({}, HOME | {"DECKDUEL_CHROMIUM": "/usr/bin/chromium"}).port == 8000


@pytest.mark.parametrize(
    ("environ", "data_dir"),
    [
        ({"XDG_DATA_HOME": "/data", "HOME": "/home/ada"}, "/data/deckduel"),
        ({"XDG_DATA_HOME": "not/absolute", "HOME": "/home/ada"}, "/home/ada/.local/share/deckduel"),
        ({"XDG_DATA_HOME": "", "HOME": "/home/ada"}, "/home/ada/.local/share/deckduel"),
    ],
)
def test_the_data_is_kept_where_the_xdg_specification_says(
    environ: dict[str, str], data_dir: str
) -> None:
    assert from_sources({}, environ).data_dir == Path(data_dir)


def test_without_any_home_the_data_directory_must_be_given() -> None:
    with pytest.raises(SettingsError, match=r"^--data-dir is needed"):
        from_sources({}, {})
    assert from_sources({"data_dir": "/data"}, {}).data_dir == Path("/data")


def test_beside_a_redis_of_ones_own_no_data_directory_is_needed() -> None:
    assert from_sources({"redis_url": "redis://db"}, {}).data_dir is None
