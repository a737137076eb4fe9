"""Processes that record under load and are killed at random; what each was promised is told.

``python -m tests.faults.dying`` imports all that recording needs once. For each line that it reads,
``FOLDER SEED COUNT``, it forks processes that record into the folder's store and say over pipes
what must not be lost any more, kills them one by one, and writes what they had said, as JSON.
"""

import contextlib
import json
import os
import random
import selectors
import signal
import subprocess
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.kernels import clean_environment

AT_ONCE = 6  # that record into one store at the same time
LONGEST_SECONDS = 0.7  # that one lives after it has begun to record
SILENT_SECONDS = 30.0  # after which one that says nothing at all is killed, too

# Cells for a shell, and pieces of a script. ``told`` says what the store has promised to keep.
_RUN = """
with nbmlops.start_run("run {n}", params={{"n": {n}}}) as run:
    told(run=run.id, opened=True, params={{"n": {n}}})
    for step in range({n} % 7 * 40):
        run.log_metric("loss", step, step=step)
    run.log_metrics({{"f1": 0.5, "mse": {n}}})
    run.set_tags(stage="s{n}")
    told(run=run.id, tags={{"stage": "s{n}"}})
told(run=run.id, closed=True, points={{"loss": {n} % 7 * 40, "f1": 1, "mse": 1}})
"""
_LONG_RUN = """
run = nbmlops.start_run("long {n}")
told(run=run.id, opened=True)
for step in range(400):
    run.log_metric("loss", step, step=step)
    run.log_params({{f"p{{step % 8}}": step}})
    told(run=run.id, params={{f"p{{step % 8}}": step}})
assert nbmlops.tracking.current.tracker().flush()
told(run=run.id, points={{"loss": 400}})
run.finish()
told(run=run.id, closed=True)
"""
_ARTIFACT = """
run = nbmlops.start_run("artifact {n}")
with open(f"report-{{os.getpid()}}", "w") as file:
    print("report {n} " * ({n} % 5 * 4_000), file=file)
run.log_artifact(file.name, "report")
told(run=run.id, opened=True, artifacts={{"report": "report {n} " * ({n} % 5 * 4_000) + "\\n"}})
"""
_OUTPUT = 'print("written {n} " * 3_000)'
_VALUE = "auc = {n} / 1_000"
_PARAMS = "%%nbmlops params\nlr = {n}\nname = 'n{n}'"
SCRIPT = (_RUN, _LONG_RUN, _ARTIFACT)
CELLS = (_RUN, _LONG_RUN, _ARTIFACT, _OUTPUT, _OUTPUT, _VALUE, _VALUE, _VALUE, _PARAMS)


@dataclass
class Life:
    """A process: what it was, what it said before it was killed, and its fault if it had one."""

    kind: str
    pid: int = 0
    said: list[dict[str, Any]] = field(default_factory=list)
    status: int = 0


class Nursery:
    """The process that forks those that are to die. Use it as a context manager."""

    def __enter__(self) -> "Nursery":
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.dying"],
            cwd=Path(__file__).parents[2],
            env=clean_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        with self._process:
            self._process.stdin.close()

    def lives(self, folder: Path, seed: int, count: int) -> list[Life]:
        """Let processes live and die; ``count`` of them record."""
        self._process.stdin.write(f"{folder} {seed} {count}\n")
        self._process.stdin.flush()
        return [Life(**life) for life in json.loads(self._process.stdout.readline())]


def main() -> None:
    """Do what each line says."""
    import IPython.core.interactiveshell  # noqa: F401
    import sqlalchemy.dialects.sqlite  # noqa: F401

    import nbmlops
    import nbmlops.magics
    import nbmlops.store.sql
    import nbmlops.tracking.current  # noqa: F401

    answers = os.fdopen(os.dup(1), "w")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)  # what nbmlops shows is not looked at
    for line in sys.stdin:
        folder, seed, count = line.split()
        os.chdir(folder)
        lives = _lived(random.Random(int(seed)), int(count))
        answers.write(json.dumps([vars(life) for life in lives]) + "\n")
        answers.flush()


def _lived(chance: random.Random, count: int) -> list[Life]:
    """Fork, listen and kill until this many have recorded; one in eight looks at the store."""
    lives: list[Life] = []
    with selectors.DefaultSelector() as pipes:
        recording = 0
        while recording < count or pipes.get_map():
            while recording < count and len(pipes.get_map()) < AT_ONCE:
                kind = chance.choice(("script", "script", "shell", "shell", "shell", "looking"))
                lives.append(_born(kind, chance, pipes))
                recording += kind != "looking"
            _listen(pipes)
    return lives


@dataclass
class _Listening:
    life: Life
    seconds: float
    until: float
    heard: bytes = b""


def _born(kind: str, chance: random.Random, pipes: selectors.BaseSelector) -> Life:
    seed, seconds = chance.getrandbits(30), chance.uniform(0, LONGEST_SECONDS)
    down, up = os.pipe()
    pid = os.fork()
    if pid == 0:
        for other in [*pipes.get_map(), down]:  # or nobody would notice that the nursery is gone
            os.close(other)
        _live(kind, random.Random(seed), up)
    os.close(up)
    life = Life(kind, pid)
    until = time.monotonic() + SILENT_SECONDS
    pipes.register(down, selectors.EVENT_READ, _Listening(life, seconds, until))
    return life


def _listen(pipes: selectors.BaseSelector) -> None:
    """Hear what was said, and kill those whose time has come, counted from their first word."""
    for key, _ in pipes.select(0.005):
        each: _Listening = key.data
        if not (heard := os.read(key.fd, 1 << 16)):
            pipes.unregister(key.fd)
            os.close(key.fd)
            each.life.status = os.waitpid(each.life.pid, 0)[1]
            each.life.said = [json.loads(line) for line in each.heard.split(b"\n")[:-1]]
            continue
        each.heard += heard
        each.until = min(each.until, time.monotonic() + each.seconds)
    for key in list(pipes.get_map().values()):
        if time.monotonic() > key.data.until:
            key.data.until = float("inf")
            os.kill(key.data.life.pid, signal.SIGKILL)


def _live(kind: str, chance: random.Random, pipe: int) -> None:
    """Do what a process of this kind does, until it is killed."""
    nursery = os.getppid()

    def told(**what: Any) -> None:
        left = json.dumps(what).encode() + b"\n"
        while left:  # a signal may cut a write short
            left = left[os.write(pipe, left) :]

    try:
        for step in {"script": _script, "shell": _shell, "looking": _looking}[kind](chance, told):
            if os.getppid() != nursery or step > 10_000:
                break
    except BaseException:
        told(fault=traceback.format_exc())
    finally:
        os._exit(0)  # whatever happened: nobody but the nursery goes on with its work


type Told = Callable[..., None]


def _script(chance: random.Random, told: Told) -> Iterator[int]:
    import nbmlops
    from nbmlops.tracking import current

    session = current.start(None, url=_url(), quiet=True).session
    told(session=session.id)
    for n in range(1_000_000):
        exec(chance.choice(SCRIPT).format(n=n), {"nbmlops": nbmlops, "told": told, "os": os})
        yield n


def _shell(chance: random.Random, told: Told) -> Iterator[int]:
    from IPython.core.interactiveshell import InteractiveShell
    from traitlets.config import Config

    import nbmlops
    from nbmlops.tracking import current

    shell = InteractiveShell.instance(config=Config({"HistoryManager": {"enabled": False}}))
    shell.run_line_magic("load_ext", "nbmlops")
    session = current.tracker().session
    shell.user_ns.update(nbmlops=nbmlops, told=told, os=os)
    told(session=session.id)
    for n in range(1_000_000):
        source = chance.choice(CELLS).format(n=n)
        shell.run_cell(source, store_history=True).raise_error()
        values = [n / 1_000] if source.startswith("auc") else []
        told(cell=current.recorder().sequence, source=source, values=values)
        yield n


def _looking(chance: random.Random, told: Told) -> Iterator[int]:
    """Settle the store, as whoever looks at it does, and see that what is there is whole."""
    from nbmlops.errors import StoreUnavailable
    from nbmlops.tracking import looking

    for n in range(1_000_000):
        with contextlib.suppress(StoreUnavailable):
            looking.runs(store=_url())
        told(looked=n)
        yield n
        time.sleep(chance.uniform(0, 0.05))


def _url() -> str:
    return f"sqlite:///{Path.cwd()}/.nbmlops/store.db"


if __name__ == "__main__":
    main()
