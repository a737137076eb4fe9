"""Trees as text again: reading what is written here gives the same tree."""

from nbmlops.query.tokens import KEYWORDS, PLAIN_PART
from nbmlops.query.tree import And, Comparison, Constant, Name, Not, Or, SortKey, Tree


def written(tree: Tree) -> str:
    """Return a filter that reads as this tree, empty for the tree that everything fits.

    Examples
    --------
    >>> from nbmlops.query.parsing import parse
    >>> written(parse("not (metrics.`a b`>1 OR status IN ('failed'))"))
    "not (metrics.`a b` > 1 or status in ('failed'))"
    """
    match tree:
        case And(parts):
            return " and ".join(map(_grouped, parts))
        case Or(parts):
            return " or ".join(map(_grouped, parts))
        case Not(part):
            return f"not {_grouped(part)}"
        case _:
            return _comparison(tree)


def written_order(keys: tuple[SortKey, ...]) -> str:
    """Return an order that reads as these keys."""
    return ", ".join(map(_key, keys))


def _key(key: SortKey) -> str:
    if key.descending is None:
        return _name(key.name)
    return f"{_name(key.name)} {'desc' if key.descending else 'asc'}"


def _grouped(tree: Tree) -> str:
    return f"({written(tree)})" if isinstance(tree, And | Or) else written(tree)


def _comparison(test: Comparison) -> str:
    head = f"{_name(test.name)} {test.operator}"
    constants = [_constant(constant) for constant in test.constants]
    if test.operator in ("in", "not in"):
        return f"{head} ({', '.join(constants)})"
    return " ".join([head, " and ".join(constants)]).rstrip() if constants else head


def _name(name: Name) -> str:
    first, *others = name.parts
    plain = bool(others) or first.text.lower() not in KEYWORDS
    return ".".join([
        written_part(first.text, is_plain=plain and not first.is_quoted),
        *(written_part(part.text, is_plain=not part.is_quoted) for part in others),
    ])  # fmt: skip


def written_part(text: str, *, is_plain: bool = True) -> str:
    """Return a part of a name as it is written, in backticks where it has to be."""
    if is_plain and PLAIN_PART.fullmatch(text):
        return text
    return "`" + text.replace("`", "``") + "`"


def _constant(constant: Constant) -> str:
    value = constant.value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return constant.text or repr(value)
