"""Whether the Redis of a URL can serve us; if not, one sentence says what to do about it."""

from typing import Final, NoReturn

from redis.exceptions import ResponseError

from server.store.address import Address, Kind, Place
from server.store.node import ask
from server.store.resp import Reply, Unavailable
from server.store.topology import SLOTS, place_of

ANSWER_S: Final = 3.0
OLDEST: Final = 7
NOT_LET_IN: Final = ("NOAUTH", "WRONGPASS", "NOPERM", "ERR AUTH")
KIND_OF_MODE: Final = {"cluster": Kind.CLUSTER, "sentinel": Kind.SENTINELS}


class UnfitError(Exception):
    """It cannot serve; the message is one sentence for whoever gave the URL."""


async def check_fitness(url: str, where: str) -> None:
    """Look whether the Redis of a URL, which `where` names, answers and is what the URL says.

    Raises:
        UnfitError: it cannot serve.
    """
    address = Address.of(url)
    match address.kind:
        case Kind.ONE:
            await _check_node(address, address.places[0], where)
        case Kind.SENTINELS:
            master = await _named_by_sentinels(address)
            await _check_node(address, master, f"the Redis at {master}, which the sentinels name,")
        case Kind.CLUSTER:
            await _check_cluster(address, where)


async def _check_node(address: Address, place: Place, where: str) -> None:
    try:
        text = await ask(address, place, address.greeting(), "INFO", "server", within_s=ANSWER_S)
    except (OSError, TimeoutError, Unavailable, ResponseError) as error:
        _refuse(error, where)
    info = dict(line.partition(":")[::2] for line in text.decode().splitlines())
    mode = info.get("redis_mode") or info.get("server_mode") or ""
    kind = KIND_OF_MODE.get(mode, Kind.ONE)
    if kind is Kind.CLUSTER and address.kind is not Kind.CLUSTER:
        raise UnfitError(
            f"{_start(where)} belongs to a cluster: give {address.base}+cluster://{place}."
        )
    if kind is Kind.SENTINELS:
        raise UnfitError(
            f"{_start(where)} is a sentinel: give {address.base}+sentinel://{place}/NAME "
            "with the name of its master."
        )
    version = info["redis_version"]
    if int(version.partition(".")[0]) < OLDEST:
        raise UnfitError(f"{_start(where)} is version {version}; {OLDEST}.0 or newer is needed.")


async def _named_by_sentinels(address: Address) -> Place:
    command = ("SENTINEL", "GET-MASTER-ADDR-BY-NAME", address.master)
    greeting = address.sentinel_greeting()
    silent: Exception | None = None
    for place in address.places:
        try:
            found = await ask(address, place, greeting, *command, within_s=ANSWER_S)
        except (OSError, TimeoutError, Unavailable) as error:
            silent = error
        except ResponseError as error:
            if str(error).startswith(NOT_LET_IN):
                raise UnfitError(
                    f"The sentinel at {place} refuses the user or the password of "
                    "?sentinel_password=… in --redis-url, or wants one."
                ) from error
            raise UnfitError(
                f"The Redis at {place} is no sentinel: give {address.base}://{place} instead."
            ) from error
        else:
            if found is not None:
                return Place(found[0].decode(), int(found[1]))
            silent = None
    places = ", ".join(map(str, address.places))
    if silent is not None:
        raise UnfitError(
            f"No sentinel at {places} answers ({_reason(silent)}); start one or give another "
            "--redis-url."
        )
    raise UnfitError(f"The sentinels at {places} know no master named {address.master}.")


async def _check_cluster(address: Address, where: str) -> None:
    asked, shards = await _shards(address, where)
    served = sum(last - first + 1 for first, last, *_ in shards)
    if served < SLOTS:
        raise UnfitError(
            f"{_start(where)} serves {served} of its {SLOTS} slots; give the others to a master."
        )
    for master in dict.fromkeys(place_of(nodes[0], asked) for _, _, *nodes in shards):
        await _check_node(address, master, f"the node {master} of the cluster")


async def _shards(address: Address, where: str) -> tuple[Place, Reply]:
    """Who answered, and what it says of the slots."""
    command = ("CLUSTER", "SLOTS")
    silent: Exception = Unavailable("no node is named")
    for place in address.places:
        try:
            found = await ask(address, place, address.greeting(), *command, within_s=ANSWER_S)
        except (OSError, TimeoutError, Unavailable) as error:
            silent = error
        except ResponseError as error:
            if "cluster support disabled" in str(error):
                raise UnfitError(
                    f"The Redis at {place} is in no cluster: give {address.base}://{place}."
                ) from error
            silent = error
        else:
            return place, found
    return _refuse(silent, where)


def _refuse(error: Exception, where: str) -> NoReturn:
    if isinstance(error, ResponseError) and str(error).startswith(NOT_LET_IN):
        raise UnfitError(
            f"{_start(where)} refuses the user or the password in --redis-url, or wants one."
        ) from error
    raise UnfitError(
        f"{_start(where)} does not answer ({_reason(error)}); start it or give another --redis-url."
    ) from error


def _reason(error: Exception) -> str:
    return str(error).rstrip(".") or type(error).__name__


def _start(where: str) -> str:
    return f"{where[0].upper()}{where[1:]}"
