"""Which values are frames of which columns count: what takes some does not take the others."""

import sys
from types import ModuleType

from nbmlops.fingerprints.python.identity import module_attributes


def is_frame(value: object) -> bool:
    """Tell whether a value is a frame whose columns are followed: of pandas, no class of its own.

    Without copy on write, before pandas 3, a column that was taken may be changed with its frame.
    """
    pandas = sys.modules.get("pandas")
    if type(pandas) is not ModuleType:
        return False
    home = module_attributes(pandas)
    if type(value) is not home.get("DataFrame"):
        return False
    version = home.get("__version__")
    return type(version) is str and version.partition(".")[0] not in ("0", "1", "2")
