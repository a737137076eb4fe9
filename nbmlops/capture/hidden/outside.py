"""What comes from outside of the process: time, chance, the network, other processes.

Time and chance are seen where the notebook's own code asks for them, by what it mentions; network
and processes by audit events, whoever causes them, but for what modules do when they are imported
(looking for libraries and fonts). Other processes see the working directory and all environment
variables. Sockets within the machine that have no address (``AF_UNIX``) are no network.
"""

import sys
from typing import Any

from nbmlops.capture.audit import Listen, listen, unlisten
from nbmlops.capture.file_threads import is_own_thread
from nbmlops.capture.hidden.base import Ended, Seen, unfailing
from nbmlops.capture.hidden.mentions import Mention
from nbmlops.capture.hidden.process import Here
from nbmlops.cells.hidden import ENTROPY, NETWORK, SUBPROCESS, TIME, WORKING_DIRECTORY

_ASKS_FOR_TIME = frozenset(
    "time.time time.time_ns time.perf_counter time.perf_counter_ns time.monotonic "
    "time.monotonic_ns time.process_time time.process_time_ns time.thread_time "
    "time.thread_time_ns datetime.datetime.now datetime.datetime.today datetime.datetime.utcnow "
    "datetime.date.today pandas.Timestamp.now pandas.Timestamp.today pandas.Timestamp.utcnow "
    "timeit.default_timer".split()
)
_ASKS_FOR_CHANCE = frozenset(
    "os.urandom os.getrandom uuid.uuid1 uuid.uuid4 random.SystemRandom".split()
)
_CHANCE_MODULES = frozenset(("secrets", "random.SystemRandom"))
# Without a seed they take one from the system.
_SEEDED_BY_CHANCE = frozenset(
    "random.seed random.Random numpy.random.seed numpy.random.default_rng "
    "numpy.random.RandomState".split()
)
_OF_PROCESSES = ("subprocess.Popen", "os.system", "os.posix_spawn", "os.fork", "os.forkpty",
                 "os.exec", "os.spawn", "os.startfile")  # fmt: skip
_OF_IMPORTS = "<frozen importlib._bootstrap>"


class Outside:
    """Tells which executions asked for time, chance, the network and other processes."""

    def __init__(self, here: Here) -> None:
        self._here = here
        self._listeners: dict[str, Listen] = dict.fromkeys(
            _OF_PROCESSES, unfailing(self._starts_process)
        )
        self._listeners |= {
            "socket.connect": unfailing(self._connects),
            "socket.getaddrinfo": unfailing(self._resolves),
            "urllib.Request": unfailing(self._resolves),
        }

    def open(self) -> None:
        """Begin to listen."""
        for event, listener in self._listeners.items():
            listen(event, listener)

    def close(self) -> None:
        """Listen no more."""
        for event, listener in self._listeners.items():
            unlisten(event, listener)

    def started(self, seen: Seen) -> None:
        """Do nothing: it is all heard of."""

    def mentioned(self, mention: Mention, seen: Seen, before: object) -> None:  # noqa: ARG002
        """Take that code asks for time or chance."""
        what = mention.what
        if what in _ASKS_FOR_TIME:
            seen.use(TIME)
        elif (
            what in _ASKS_FOR_CHANCE
            or mention.module in _CHANCE_MODULES
            or (mention.is_called_bare and what in _SEEDED_BY_CHANCE)
        ):
            seen.use(ENTROPY)

    def ended(self, execution: Ended, seen: Seen, before: object) -> None:
        """Do nothing: it was all heard of."""

    def _starts_process(self, _args: tuple[Any, ...]) -> None:
        for seen in self._asking():
            seen.use(SUBPROCESS)
            seen.use(WORKING_DIRECTORY)

    def _connects(self, args: tuple[Any, ...]) -> None:
        if type(args[1]) is tuple:  # else the path of a local socket
            self._resolves(args)

    def _resolves(self, _args: tuple[Any, ...]) -> None:
        for seen in self._asking():
            seen.use(NETWORK)

    def _asking(self) -> tuple[Seen, ...]:
        found = self._here()
        return () if not found or is_own_thread() or _is_importing() else found


def _is_importing() -> bool:
    frame = sys._getframe()
    while frame is not None:
        if frame.f_code.co_filename == _OF_IMPORTS:
            return True
        frame = frame.f_back  # type: ignore[assignment]
    return False
