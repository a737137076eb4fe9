"""The papermill engine ``nbmlops``: executes as papermill does, and records every cell.

``papermill --engine nbmlops IN.ipynb OUT.ipynb`` is enough; ``nbmlops run`` uses it too. Beyond
papermill's own engine it tells kernels the ids and tags of cells, gives cells that were killed or
never ran their true status, and writes the output notebook once a second instead of twice a cell.

papermill finds it by `nbmlops.pipelines.entry`.
"""

import asyncio
import contextlib
import json
import logging
import queue
import signal
import time
from pathlib import Path
from typing import Any

from jupyter_core.paths import jupyter_runtime_dir
from jupyter_core.utils import run_sync
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from papermill.clientwrap import PapermillNotebookClient
from papermill.engines import NotebookExecutionManager
from papermill.utils import merge_kwargs, remove_args

from nbmlops.canonical import new_id
from nbmlops.pipelines.notebooks import language_of, put_behind_defaults
from nbmlops.pipelines.outside import OutsideRecorder
from nbmlops.pipelines.plan import (
    CELL_FAILED,
    INTERRUPTED,
    KERNEL_DIED,
    OUT_OF_MEMORY,
    TIMEOUT,
    Ending,
    Plan,
    failures_logged,
    settle,
)
from nbmlops.pipelines.telling import Telling

log = logging.getLogger("nbmlops")

SAVE_SECONDS = 1.0
_NOT_RECORDED = "the execution is not recorded from outside"
_LONGEST_SOCKET_PATH = 100  # sockaddr_un holds 104 bytes on macOS, 108 on Linux
_ANSWER_SECONDS = 30.0
_LAST_ANSWER_SECONDS = 10.0
_LOOKING_SECONDS = 70.0  # `Tracker.flush` waits for 30 s for data, and as long for profiles
_SHUTDOWN_SECONDS = 5.0
_INTERRUPTED_SECONDS = 5.0


def execute_managed(
    nb: Any,
    kernel_name: str,
    output_path: str | None = None,
    progress_bar: Any = True,
    log_output: bool = False,
    autosave_cell_every: int = 30,
    **options: Any,
) -> Any:
    """Execute a notebook with papermill's book-keeping around it; return the notebook.

    ``progress_bar`` may also be what is told how many cells are done.
    """
    source = options.get("input_path")
    plan = options.setdefault("nbmlops_plan", None) or Plan.make(
        source if isinstance(source, str) else None
    )
    options["nbmlops_plan"] = plan
    put_behind_defaults(nb)
    nb.metadata["nbmlops"] = {"run_id": plan.run_id}  # said from the first save on
    manager = TrueStates(
        plan,
        source,
        nb,
        output_path=output_path,
        progress_bar=progress_bar and not callable(progress_bar),
        log_output=log_output,
        autosave_cell_every=autosave_cell_every,
    )
    if callable(progress_bar):
        manager.pbar = Telling(progress_bar, len(nb.cells))
    manager.notebook_start()
    try:
        execute_cells(manager, kernel_name, log_output=log_output, **options)
    finally:
        manager.cleanup_pbar()
        manager.notebook_complete()
    return manager.nb


def execute_cells(
    manager: Any,
    kernel_name: str,
    *,
    start_timeout: int = 60,
    execution_timeout: int | None = None,
    nbmlops_plan: Plan,
    **options: Any,
) -> None:
    """Execute the cells; ``nbmlops_plan`` says what to record."""
    options.pop("input_path", None)
    plan = nbmlops_plan
    timeout = execution_timeout or options.pop("timeout", None)
    options = remove_args(["timeout", "startup_timeout"], **options)
    client = RecordingClient(
        manager,
        plan,
        **merge_kwargs(
            options,
            timeout=timeout,
            startup_timeout=start_timeout,
            kernel_name=kernel_name,
            log=log,
        ),
    )
    try:
        client.execute()
    finally:
        manager.nb.metadata["nbmlops"]["exit_code"] = client.ending.exit_code
        settle(plan, client.ending)


class TrueStates(NotebookExecutionManager):  # type: ignore[misc]
    """Papermill's book-keeping, with the true status of every cell, fewer writes, no secrets."""

    _saved_at = 0.0

    def __init__(self, plan: Plan, source: str | None, nb: Any, **options: Any) -> None:
        super().__init__(nb, **options)
        self.written = plan.output_notebook(source, self.output_path, nb)

    def save(self, **options: Any) -> None:
        """Write the notebook unless that was done less than a second ago."""
        if time.monotonic() - self._saved_at >= SAVE_SECONDS:
            in_full: Any = self.nb  # type: ignore[has-type]
            self.nb = self.written.without_secrets(in_full)
            try:
                super().save(**options)
            finally:
                self.nb = in_full
            self._saved_at = time.monotonic()

    def notebook_complete(self, **options: Any) -> None:
        """Write the notebook a last time; cells that never ran stay ``pending``."""
        before = [cell.metadata.papermill["status"] for cell in self.nb.cells]
        self._saved_at = float("inf")  # papermill would write its own idea of the states
        done = all(status == self.COMPLETED for status in before)
        if not done:
            self.cleanup_pbar()
        super().notebook_complete(**options)
        for cell, status in zip(self.nb.cells, before, strict=True):
            cell.metadata.papermill["status"] = status
        self._saved_at = 0.0
        self.save()


class RecordingClient(PapermillNotebookClient):  # type: ignore[misc]
    """Executes the cells of one notebook and has them recorded, inside the kernel if it can."""

    def __init__(self, nb_man: Any, plan: Plan, **options: Any) -> None:
        super().__init__(nb_man, **options)
        self.plan = plan
        self.ending = Ending("failed", "the kernel did not start", KERNEL_DIED)
        self._outside: OutsideRecorder | None = None
        self._is_inside = False

    def execute(self, **options: Any) -> Any:
        """Execute the notebook in a kernel of its own; return it."""
        self.reset_execution_trackers()
        with contextlib.ExitStack() as kernel:
            try:
                kernel.enter_context(self.setup_kernel(**options))
            except (RuntimeError, OSError) as problem:
                with failures_logged(_NOT_RECORDED):
                    self._recorder_outside().end(self.ending)
                raise DeadKernelError(f"the kernel did not start: {problem}") from problem
            info = self.wait_for_reply(self.kc.kernel_info())
            self.nb.metadata["language_info"] = info["content"]["language_info"]
            self.papermill_execute_cells()
            self.set_widgets_metadata()
        return self.nb

    def create_kernel_manager(self) -> Any:
        """Talk to the kernel over sockets: TCP ports of kernels started together clash.

        Their paths are absolute: by default they are relative, and kernels that work in another
        folder, or two that start in the same one, would not be heard.
        """
        manager = super().create_kernel_manager()
        runtime = Path(jupyter_runtime_dir())
        connection = runtime / f"kernel-{new_id()}.json"
        if len(f"{connection}-ipc-1") < _LONGEST_SOCKET_PATH:
            runtime.mkdir(parents=True, exist_ok=True, mode=0o700)
            manager.connection_file = str(connection)
            manager.transport = "ipc"
        return manager

    def papermill_execute_cells(self) -> None:
        """Execute the cells between the beginning and the end of recording."""
        oom_kills = _oom_kills()
        self._begin()
        self.ending = Ending()
        try:
            for index, cell in enumerate(self.nb.cells):
                if not self._execute(index, cell):
                    break
        except CellTimeoutError:
            self.ending = Ending("failed", f"a cell took over {self.timeout} s", TIMEOUT)
            self._interrupt()
            raise
        except DeadKernelError:
            self.ending = _death(run_sync(self._return_code)(), oom_kills)
            raise
        except KeyboardInterrupt:
            self.ending = Ending("interrupted", "KeyboardInterrupt", INTERRUPTED)
            self._interrupt()
            run_sync(self._finish_tasks)()
            raise
        finally:
            self._end()

    def _execute(self, index: int, cell: Any) -> bool:
        """Execute one cell; return whether to go on."""
        is_code = cell.cell_type == "code" and bool(cell.source.strip())
        problem: BaseException | None = None
        self.kc.session.metadata = {"cellId": cell.id, "tags": cell.metadata.get("tags", [])}
        if self._outside and is_code:
            with failures_logged(_NOT_RECORDED):
                self._outside.cell_started(cell)
        prompt = cell.metadata.get("nbmlops", {}).get("prompt")
        if prompt is not None and self._is_inside:
            self._ask(f"go_on_with({int(prompt)})", _ANSWER_SECONDS)
        try:
            self.nb_man.cell_start(cell, index)
            run_sync(self._executed)(cell, index)
            if is_code and self.plan.thorough and self._is_inside:
                self._ask("settle()", _LOOKING_SECONDS)
        except BaseException as raised:
            problem = raised
            self.nb_man.cell_exception(self.nb.cells[index], cell_index=index, exception=raised)
            if not isinstance(raised, CellExecutionError):
                raise
            if _stopped_itself(raised):
                return False
            where = f"[{cell.execution_count}]" if cell.get("execution_count") else f"{index + 1}"
            reason = f"{raised.ename}: {raised.evalue}" if raised.ename else "a cell failed"
            self.ending = Ending("failed", f"cell {where}: {reason}"[:500], CELL_FAILED)
            return False
        finally:
            self.kc.session.metadata = {}
            self.nb_man.cell_complete(self.nb.cells[index], cell_index=index)
            if self._outside and is_code:
                with failures_logged(_NOT_RECORDED):
                    self._outside.cell_ended(self.nb.cells[index], problem)
        return True

    async def _executed(self, cell: Any, index: int) -> Any:
        """Execute a cell; while it takes long, what the cells before it came to is written."""
        late = asyncio.get_running_loop().call_later(SAVE_SECONDS, self.nb_man.save)
        try:
            return await self.async_execute_cell(cell, index)
        finally:
            late.cancel()

    # Recording

    def _begin(self) -> None:
        if language_of(self.nb) == "python":
            plan = self.plan
            spec = {
                "url": plan.url,
                "experiment": plan.experiment,
                "notebook": plan.notebook,
                "run_id": plan.run_id,
                "name": plan.name,
                "metrics": plan.metrics,
                "uses_magics": any("%nbmlops" in cell.source for cell in self.nb.cells),
            }
            problem = self._ask(f"begin({json.dumps(spec)!r})", _ANSWER_SECONDS)
            if problem is None:
                self._is_inside = True
                return
            log.warning(
                "the kernel cannot record itself (%s): recorded from outside, without metrics. "
                "Install nbmlops into the kernel's environment.",
                problem,
            )
        with failures_logged(_NOT_RECORDED):
            self._outside = self._recorder_outside()

    def _recorder_outside(self) -> OutsideRecorder:
        given = self.nb.metadata.papermill.get("parameters") or {}
        return OutsideRecorder(self.plan, dict(given), language_of(self.nb))

    def _end(self) -> None:
        if self._outside is not None:
            with failures_logged(_NOT_RECORDED):
                self._outside.end(self.ending)
        elif self._is_inside and self.ending.exit_code not in (KERNEL_DIED, OUT_OF_MEMORY):
            call = f"end({self.ending.status!r}, {self.ending.reason!r})"
            problem = self._ask(call, _LAST_ANSWER_SECONDS)
            if problem is None:
                run_sync(self._shut_down)()
            else:
                log.warning("the kernel did not finish recording: %s", problem)

    async def _shut_down(self) -> None:
        """Let the kernel end by itself: nbclient would interrupt it first, which it reports."""
        self.kc.shutdown()
        until = time.monotonic() + _SHUTDOWN_SECONDS
        while time.monotonic() < until and await self.km.is_alive():
            await asyncio.sleep(0.02)

    def _ask(self, call: str, seconds: float) -> str | None:
        """Have the kernel call a function of `nbmlops.pipelines.inside`; return what went wrong."""
        code = f"__import__('nbmlops.pipelines.inside', fromlist=['inside']).{call}"
        problem: str | None = run_sync(self._asked)(code, seconds)
        return problem

    async def _asked(self, code: str, seconds: float) -> str | None:
        request = self._request(code)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            try:
                reply = await self.kc.get_shell_msg(timeout=0.5)
            except queue.Empty:
                if not await self.km.is_alive():
                    return "it died"
                continue
            if reply["parent_header"].get("msg_id") == request:
                content = reply["content"]
                if content["status"] == "ok":
                    return None
                if content["status"] == "aborted":  # it still clears its queue after a failure
                    await asyncio.sleep(0.02)
                    request = self._request(code)
                    continue
                return f"{content.get('ename', '')}: {content.get('evalue', '')}"
        return f"no answer in {seconds:.0f} s"

    def _request(self, code: str) -> str:
        options = {"silent": True, "store_history": False, "allow_stdin": False}
        return str(self.kc.execute(code, **options))

    async def _return_code(self) -> int | None:
        """Return what a dead kernel's process ended with, minus the number of a signal."""
        provisioner = self.km.provisioner
        return await provisioner.poll() if provisioner is not None else None

    async def _finish_tasks(self) -> None:
        """Let what the interrupted cell still says arrive; asyncio would report what is left."""
        left = asyncio.all_tasks() - {asyncio.current_task()}
        if left:
            await asyncio.wait(left, timeout=_INTERRUPTED_SECONDS)
            for task in left:
                task.cancel()
            await asyncio.gather(*left, return_exceptions=True)

    def _interrupt(self) -> None:
        run_sync(self.km.interrupt_kernel)()


def _stopped_itself(raised: CellExecutionError) -> bool:
    """Tell whether a cell ended the notebook with ``sys.exit()``, which is no failure."""
    return raised.ename == "SystemExit" and raised.evalue in ("", "0")


def _oom_kills() -> int | None:
    """Return how many processes this machine has killed for memory since its start."""
    try:
        with open("/proc/vmstat", encoding="ascii") as lines:  # noqa: PTH123
            found = [line.split()[1] for line in lines if line.startswith("oom_kill ")]
    except OSError:
        return None
    return int(found[0]) if found else None


def _death(return_code: int | None, oom_kills_before: int | None) -> Ending:
    """Tell what a kernel died of: the counter alone may have risen for another process."""
    after = _oom_kills()
    has_risen = oom_kills_before is not None and after is not None and after > oom_kills_before
    if return_code == -signal.SIGKILL and has_risen:
        return Ending("failed", "the kernel was killed for lack of memory", OUT_OF_MEMORY)
    return Ending("failed", "the kernel died", KERNEL_DIED)
