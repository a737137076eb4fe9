"""Of notebook files, and of the parameters that they are executed with."""

from collections.abc import Sequence
from typing import Any

from nbmlops.errors.base import NbmlopsError, did_you_mean, listed, rebuild, sentence


class NotebookMissing(NbmlopsError, FileNotFoundError):
    """The notebook is not there."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        self.message = f"there is no notebook {path}."


class NotebookInvalid(NbmlopsError, ValueError):
    """The file cannot be read as a notebook, or cannot be run as one."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.message = f"{path} is not a notebook that can be run: {reason}"


class OutputFolderMissing(NbmlopsError, FileNotFoundError):
    """The folder that the executed notebook is to be written into is not there."""

    def __init__(self, folder: str) -> None:
        super().__init__(folder)
        self.folder = folder
        self.message = f"output folder {folder} doesn't exist."


class OutputExists(NbmlopsError, FileExistsError):
    """The file that is to be written is there already."""

    def __init__(self, path: str) -> None:
        super().__init__(path)
        self.path = path
        self.message = f"{path} is there already. Write to another with -o, or give --overwrite."


class PathNotFilled(NbmlopsError, ValueError):
    """A path has braces that cannot be filled with a parameter."""

    def __init__(self, path: str, reason: str) -> None:
        super().__init__(path, reason)
        self.path, self.reason = path, reason
        self.message = (
            f"the braces in {path} cannot be filled: {sentence(reason)} "
            "Write {{ and }} for braces of the name itself."
        )


class ParameterError(NbmlopsError):
    """A parameter given to a notebook cannot be used; base of the two that say why."""


class ParameterUnknown(ParameterError, KeyError):
    """The notebook declares no parameter of this name."""

    def __init__(self, name: str, declared: Sequence[str], *, has_cell: bool = True) -> None:
        super().__init__(name, tuple(declared))
        self.name, self.declared = name, tuple(declared)
        if has_cell and declared:
            what = did_you_mean(name, self.declared)
            if "There is" not in what:
                what += f" There is: {listed(declared)}."
        elif has_cell:
            what = " Its parameters cell assigns no name."
        else:
            what = (
                " It has no cell tagged `parameters` or headed `%%nbmlops params`: "
                "tag or head the cell that sets its defaults."
            )
        self.message = f"the notebook has no parameter {name!r}.{what}"

    def __reduce__(self) -> tuple[Any, ...]:
        return rebuild, (type(self), self.args, self.__dict__)


class ParameterMismatch(ParameterError, TypeError):
    """A value's type is not the type of the notebook's own value."""

    def __init__(self, name: str, value: object, expected: str, default: str) -> None:
        super().__init__(name, value, expected, default)
        self.name, self.value, self.expected, self.default = name, value, expected, default
        self.message = (
            f"parameter {name!r} takes {expected} (the notebook has {name} = {default}), "
            f"not {value!r}."
        )
