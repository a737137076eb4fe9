"""What can be set, where a project's store is, and how both are found.

Settings come, the later winning, from their defaults, ``[tool.nbmlops]`` in the project's
``pyproject.toml``, and environment variables ``NBMLOPS_…``. Nothing here opens a store.
"""

import getpass
import os
import subprocess
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from nbmlops.errors import ConfigInvalid, did_you_mean

FOLDER = ".nbmlops"
_GIT_SECONDS = 2.0  # git reads two small files; a home folder on a network may be away

METRIC_PATTERNS = (
    "acc accuracy *_acc *_accuracy auc *_auc auc_* f1* *_f1 precision *_precision recall "
    "*_recall *loss rmse *_rmse rmse_* mae *_mae mae_* mse *_mse mse_* mape *_mape r2 *_r2 r2_* "
    "*score* brier* perplexity bleu rouge* iou *_iou dice ndcg* silhouette* mcc *_mcc kappa "
    "*_kappa"
).split()

# Names that match a pattern and yet are settings or counts.
NOT_METRICS = ("n_* num_* *_threshold *_weight *_weights *_fn *_func *_col *_cols *_name").split()


@dataclass(frozen=True, slots=True)
class Settings:
    """What a user can set; every field is a key of ``[tool.nbmlops]``.

    Attributes
    ----------
    store : str or None
        URL of the store; None for the project's own, ``<project>/.nbmlops/store.db``.
    blobs : str or None
        URL of what is too large for a database, any that fsspec knows; None for beside the store.
    experiment : str or None
        Name for runs that are given none; None for the notebook's name.
    quiet : bool
        Whether the lines after ``%load_ext`` and after results are left out.
    match_metrics : bool
        Whether top-level scalars with a metric's name become metrics by themselves.
    metrics : tuple of str
        Patterns (``fnmatch``) of the names that do.
    not_metrics : tuple of str
        Patterns of names that do not, although they match.
    lower_is_better, higher_is_better : tuple of str
        Patterns that decide the direction of a metric before its name does.
    output_limit_bytes : int
        How much of one output's text is kept; the middle of longer text is cut out.
    image_limit_bytes : int
        The largest image kept.
    data : bool
        Whether data that cells use is fingerprinted.
    profiles : bool
        Whether data has a profile too, made in the background.
    allow_secrets : tuple of str
        What is kept though it looks like a secret: kinds (``AWS key``, ``*key*``), or digests as
        ``%nbmlops allow`` gives them.
    data_budget_ms : int
        How long a cell's user may wait for fingerprints; what takes longer is done in the
        background.
    """

    store: str | None = None
    blobs: str | None = None
    experiment: str | None = None
    quiet: bool = False
    match_metrics: bool = True
    metrics: tuple[str, ...] = tuple(METRIC_PATTERNS)
    not_metrics: tuple[str, ...] = tuple(NOT_METRICS)
    lower_is_better: tuple[str, ...] = ()
    higher_is_better: tuple[str, ...] = ()
    output_limit_bytes: int = 100_000
    image_limit_bytes: int = 10_000_000
    data: bool = True
    profiles: bool = True
    data_budget_ms: int = 20
    allow_secrets: tuple[str, ...] = ()


def find_project(start: Path) -> Path | None:
    """Return the project that a folder belongs to, None where nothing marks one.

    The nearest parent that holds ``.nbmlops/``, else the nearest git root. A ``.nbmlops`` in the
    home folder does not make one project of everything below it.
    """
    here = start.resolve()
    folders = [here, *here.parents]
    home = Path.home()
    for folder in folders:
        if (folder / FOLDER).is_dir() and (folder != home or folder == here):
            return folder
    return next((folder for folder in folders if (folder / ".git").exists()), None)


def project_folder(start: Path | None = None) -> Path:
    """Return the project that a folder, by default the working one, belongs to, or the folder."""
    here = (start or Path.cwd()).resolve()
    return find_project(here) or here


def store_url(settings: Settings, project: Path) -> str:
    """Return the URL of the store to use."""
    if settings.store is None:
        url = sqlite_url(project / FOLDER / "store.db")
    else:
        url = as_url(settings.store, project)
    return with_blobs(url, settings.blobs)


def with_blobs(url: str, blobs: str | None) -> str:
    """Return a store's URL that says where its blobs are, unless it does already.

    Examples
    --------
    >>> with_blobs("postgresql://host/runs", "s3://bucket/blobs")
    'postgresql://host/runs?blobs=s3://bucket/blobs'
    """
    if blobs is None or "?blobs=" in url or "&blobs=" in url:
        return url
    has_query = url.startswith("postgres") and "?" in url
    return f"{url}{'&' if has_query else '?'}blobs={quote(blobs, safe=':/')}"


def sqlite_url(path: Path) -> str:
    """Return the URL of a store in a file.

    With ``..`` in it the file is where the system finds it, also behind links: one URL a store.
    """
    found = path.resolve() if ".." in path.parts else path.absolute()
    return f"sqlite:///{found.as_posix()}"


def as_url(text: str, base: Path | None = None) -> str:
    """Return a store's URL from a URL, a path to a database file, or to a project's folder.

    What is relative is so to ``base``, by default the working folder, and becomes absolute.
    """
    here = base or Path.cwd()
    place, has_blobs, blobs = text.partition("?blobs=")
    if has_blobs:
        return as_url(place, base) + has_blobs + blobs
    scheme, _, file = text.partition(":///")
    if scheme == "sqlite" and file and file != ":memory:":
        return sqlite_url(here / file)
    if "://" in text:
        return text
    path = here / Path(text).expanduser()
    if path.suffix in (".db", ".sqlite", ".sqlite3") or path.is_file():
        return sqlite_url(path)
    if path.name == FOLDER or (path / "store.db").exists():
        return sqlite_url(path / "store.db")
    return sqlite_url(path / FOLDER / "store.db")


def user_name() -> str:
    """Return who works here: by the name in the hub, in git, of the login, else by number."""
    try:
        hub = os.environ.get("JUPYTERHUB_USER")
        return hub or _git_user(Path.cwd()) or getpass.getuser()
    except (KeyError, OSError):  # a container whose user has no name
        return str(os.getuid())


@cache
def _git_user(folder: Path) -> str | None:
    """Return the name, else the address, that git has for commits made in a folder."""
    for key in ("user.name", "user.email"):
        try:
            asked = subprocess.run(
                ["git", "config", key],
                cwd=folder,
                capture_output=True,
                text=True,
                timeout=_GIT_SECONDS,
                check=False,
            )
        except (OSError, subprocess.TimeoutExpired, UnicodeDecodeError):
            return None
        if found := asked.stdout.strip():
            return found
    return None


def load(project: Path, environ: Mapping[str, str] | None = None) -> Settings:
    """Return the settings of a project.

    Raises
    ------
    ConfigInvalid
        ``pyproject.toml`` is not TOML, or a setting is unknown or of the wrong type.
    """
    from_file = _from_pyproject(project / "pyproject.toml")
    settings = _with(Settings(), from_file, "pyproject.toml: {}")
    variables = os.environ if environ is None else environ
    for field in fields(Settings):
        variable = f"NBMLOPS_{field.name.upper()}"
        if variable in variables:
            value = _from_text(field.name, variables[variable])
            settings = _with(settings, {field.name: value}, f"environment variable {variable}")
    return settings


def _from_pyproject(path: Path) -> dict[str, Any]:
    try:
        document = tomllib.loads(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        return {}
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as problem:
        raise ConfigInvalid(str(path), f"is not TOML: {problem}") from None
    tools = document.get("tool", {})
    table = tools.get("nbmlops", {}) if isinstance(tools, dict) else tools
    if not isinstance(table, dict):
        raise ConfigInvalid(str(path), f"tool.nbmlops must be a table, not {table!r}")
    return {name.replace("-", "_"): value for name, value in table.items()}


def _with(settings: Settings, given: Mapping[str, Any], where: str) -> Settings:
    known = {field.name: getattr(Settings(), field.name) for field in fields(Settings)}
    for name, value in given.items():
        if name not in known:
            hint = did_you_mean(name, [*known])
            raise ConfigInvalid(where.format(name), "is no setting." + hint)
        checked = _checked(where.format(name), value, known[name])
        settings = replace(settings, **{name: checked})
    return settings


def _checked(where: str, value: Any, default: Any) -> Any:
    wanted: type = str if default is None else type(default)
    if wanted is tuple and isinstance(value, list | tuple):
        if all(isinstance(item, str) for item in value):
            return tuple(value)
    elif type(value) is wanted:
        return value
    shown = {tuple: "a list of texts", str: "a text", int: "a whole number", bool: "true or false"}
    raise ConfigInvalid(where, f"must be {shown[wanted]}, not {value!r}")


def _from_text(name: str, text: str) -> Any:
    default = getattr(Settings(), name)
    if isinstance(default, bool) and text.lower() in ("1", "true", "yes", "on"):
        return True
    if isinstance(default, bool) and text.lower() in ("0", "false", "no", "off", ""):
        return False
    if isinstance(default, int) and text.isdecimal():
        return int(text)
    return tuple(text.split()) if isinstance(default, tuple) else text
