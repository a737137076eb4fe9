"""What can be asked of nbmlops: each verb once, its arguments parsed, its answer an object.

The command line (`nbmlops.cli`) and the magic (`nbmlops.magics`) run the same commands and draw
the same answers; nothing is printed here. Importing a module makes its verbs commands of `group`,
listed in the order of these imports.
"""

from nbmlops.verbs import runs, keeping, slices, replaying, stores, secrets  # noqa: F401, I001
from nbmlops.verbs import exchanging, headless, shell  # noqa: F401
from nbmlops.verbs.base import Answer, group

__all__ = ["Answer", "group"]
