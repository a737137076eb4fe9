"""The Python that IPython makes of a cell's source: magics and shell commands become calls."""

from IPython.core.inputtransformer2 import TransformerManager


def python_of(source: str) -> str:
    """Return a cell as Python; unchanged where IPython cannot read it.

    No shell is needed, so that what was executed elsewhere can be read; what a notebook itself
    taught its shell is not known.
    """
    try:
        return str(TransformerManager().transform_cell(source))
    except (SyntaxError, ValueError, RecursionError):
        return source
