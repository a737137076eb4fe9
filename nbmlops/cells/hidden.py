"""Hidden inputs: what a cell depends on beside variables and files, as names in the same graph.

They are written in angle brackets, which no variable has: ``<numpy.random>``, ``<time>``. Those of
environment variables tell which one: ``<os.environ:PATH>``.
"""

from typing import NamedTuple

_OPENING, _CLOSING = "<", ">"
_ENVIRONMENT = "<os.environ:"
_MAGIC, _PATCHES = "<magic ", "<patches of "
_WORK = "<background work "
_SEED = "<seed of "

WORKING_DIRECTORY = "<working directory>"
FIGURES = "<pyplot figures>"
TIME, NETWORK, SUBPROCESS, ENTROPY = "<time>", "<network>", "<subprocess>", "<entropy>"
SYS_PATH, SYS_MODULES = "<sys.path>", "<sys.modules>"
# The configuration of logging, for who uses it, and for all others, in whose output it may show.
LOGGERS, LOGGING = "<loggers>", "<logging>"
WARNING_FILTERS = "<warning filters>"
DISPLAY_SETTINGS = "<display settings>"
RELOADING = "<autoreload>"
STANDARD_STREAMS = {"stdout": "<sys.stdout>", "stderr": "<sys.stderr>"}

# What decides how values look as texts.
TEXT_OPTIONS = frozenset(("<pandas display options>", "<numpy display options>"))
# What changes only how a value looks where it is shown, never the value.
ONLY_SHOWN = TEXT_OPTIONS | frozenset(
    (
        "<matplotlib options>",
        LOGGING,
        WARNING_FILTERS,
        DISPLAY_SETTINGS,
    )
)


class _Words(NamedTuple):
    """What is said of who set a hidden input, changed it, and of one that nobody set."""

    sets: str
    changes: str
    unset: str


_RANDOM = {"<random>": "Python", "<numpy.random>": "numpy", "<torch.random>": "torch"}
RANDOM_STATES = frozenset(_RANDOM)
_WORDS = {
    name: _Words(
        f"sets the random state of {owner}",
        f"advances the random state of {owner}",
        f"unseeded random numbers of {owner}",
    )
    for name, owner in _RANDOM.items()
} | {
    WORKING_DIRECTORY: _Words(
        "changes the working directory", "changes the working directory", "working directory"
    ),
    SYS_PATH: _Words("changes sys.path", "changes sys.path", "sys.path"),
    SYS_MODULES: _Words("puts modules into sys.modules", "changes sys.modules", "sys.modules"),
    **{
        hidden: _Words(f"puts another sys.{name} in place", f"prints to sys.{name}", f"sys.{name}")
        for name, hidden in STANDARD_STREAMS.items()
    },
    RELOADING: _Words("switches %autoreload", "switches %autoreload", "%autoreload"),
    LOGGERS: _Words("configures loggers", "configures loggers", "configuration of loggers"),
    LOGGING: _Words("configures logging", "configures logging", "configuration of logging"),
    FIGURES: _Words("opens the figure of pyplot", "draws on the figure of pyplot", "open figures"),
}


def is_hidden(name: str) -> bool:
    """Tell whether a name stands for a hidden input, not for a variable."""
    return name.startswith(_OPENING)


def is_only_shown(name: str) -> bool:
    """Tell whether a hidden input matters only for how values look, not for what they are."""
    return name in ONLY_SHOWN


def seed_of(random_state: str) -> str:
    """Return the hidden name of what a random state was seeded with: ``<seed of numpy.random>``."""
    return f"{_SEED}{in_words(random_state)}{_CLOSING}"


def is_seed(name: str) -> bool:
    """Tell whether a hidden input is the seed of a random state."""
    return name.startswith(_SEED)


def environment_variable(variable: str) -> str:
    """Return the hidden name of an environment variable.

    Examples
    --------
    >>> environment_variable("HOME")
    '<os.environ:HOME>'
    """
    return f"{_ENVIRONMENT}{variable}{_CLOSING}"


def magic(name: str) -> str:
    """Return the hidden name of a magic that was registered: ``<magic sql>``."""
    return f"{_MAGIC}{name}{_CLOSING}"


def patches_of(library: str) -> str:
    """Return the hidden name of what was put into a library: ``<patches of numpy>``."""
    return f"{_PATCHES}{library}{_CLOSING}"


def background_work(number: int) -> str:
    """Return the hidden name of what an execution began and did not finish, of a session."""
    return f"{_WORK}{number}{_CLOSING}"


def in_words(name: str) -> str:
    """Return how a hidden input is written in a sentence: ``numpy.random``."""
    if name.startswith(_ENVIRONMENT):
        return f"environment variable {name.removeprefix(_ENVIRONMENT).removesuffix(_CLOSING)}"
    return name.removeprefix(_OPENING).removesuffix(_CLOSING)


def written_in_words(name: str, *, is_new: bool) -> str:
    """Say what an execution did that wrote a hidden input.

    ``is_new`` where what it was before did not matter to that.

    Examples
    --------
    >>> written_in_words("<numpy.random>", is_new=False)
    'advances the random state of numpy'
    >>> written_in_words("<pandas options>", is_new=True)
    'sets pandas options'
    """
    words = _WORDS.get(name)
    if name.startswith(_MAGIC):
        return f"registers the {in_words(name)}"
    if name.startswith(_PATCHES):
        return f"changes {name.removeprefix(_PATCHES).removesuffix(_CLOSING)} itself"
    if name.startswith(_WORK):
        return "begins work that goes on after it" if is_new else "waits for work that goes on"
    if words is None:
        return f"sets {in_words(name)}"
    return words.sets if is_new else words.changes


def unset_in_words(name: str) -> str:
    """Return how a hidden input is called that was used and that no execution had set."""
    words = _WORDS.get(name)
    return in_words(name) if words is None else words.unset
