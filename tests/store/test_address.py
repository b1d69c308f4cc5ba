"""URLs: to which places they lead, and how each is greeted."""

import pytest

from server.store.address import Address, Kind, Place

A, B = Place("a", 1), Place("b", 2)


@pytest.mark.parametrize(
    ("url", "kind", "places", "master"),
    [
        ("REDIS://:1", Kind.ONE, (Place("localhost", 1),), ""),
        ("redis:///3", Kind.ONE, (Place("localhost", 6379),), ""),
        ("rediss://u:p@a:1/3", Kind.ONE, (A,), ""),
        ("unix://:p@/a/socket?db=3", Kind.ONE, (Place("/a/socket", 0),), ""),
        ("redis+cluster://:p@a:1,b:2", Kind.CLUSTER, (A, B), ""),
        ("rediss+cluster://a,[::1]:2/", Kind.CLUSTER, (Place("a", 6379), Place("::1", 2)), ""),
        ("redis+sentinel://a:1,b:2/duels", Kind.SENTINELS, (A, B), "duels"),
        ("redis+sentinel://u:p@a/d%20s/3?x=y", Kind.SENTINELS, (Place("a", 26379),), "d s"),
    ],
)
def test_a_url_names_places(url: str, kind: Kind, places: tuple[Place, ...], master: str) -> None:
    address = Address.of(url)
    assert (address.kind, address.places, address.master) == (kind, places, master)


@pytest.mark.parametrize(
    ("url", "greeting", "to_sentinels"),
    [
        ("redis://a", [], []),
        ("redis://:p@a", [("AUTH", "p")], []),
        ("unix://u:p%20q@/a?db=3", [("AUTH", "u", "p q"), ("SELECT", "3")], []),
        ("redis+cluster://u:p@a,b", [("AUTH", "u", "p")], []),
        (
            "redis+sentinel://:p@a,b/duels/3?sentinel_password=s",
            [("AUTH", "p"), ("SELECT", "3"), ("ROLE",)],
            [("AUTH", "s")],
        ),
    ],
)
def test_each_kind_is_greeted_as_it_wants(
    url: str, greeting: list[tuple[str, ...]], to_sentinels: list[tuple[str, ...]]
) -> None:
    address = Address.of(url)
    assert address.greeting() == greeting
    assert address.sentinel_greeting() == to_sentinels


@pytest.mark.parametrize(
    "url",
    [
        *("http://a", "redis+clusters://a", "unix+cluster:///a", "redis+cluster://a/1"),
        *("redis+foo://a", "redis://", "unix://a", "redis://a,b", "redis://a/x", "unix:///a?db=x"),
        *("redis+sentinel://a", "redis+sentinel://a,,b/duels", "redis+cluster://a:0"),
    ],
)
def test_another_url_is_none(url: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Address.of(url)


def test_a_place_is_written_as_in_a_url() -> None:
    assert [str(p) for p in (A, Place("::1", 2), Place("/a", 0))] == ["a:1", "[::1]:2", "/a"]
