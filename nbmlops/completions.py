"""What the tab key offers for the arguments of verbs, in shells and in notebooks."""

import click

from nbmlops.errors import NbmlopsError
from nbmlops.query.writing import written_part

_MOST = 50  # of the latest


def complete_run(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a RUN from the ids and names of the latest runs."""
    from nbmlops.tracking import looking

    try:
        table = looking.runs(limit=_MOST, store=ctx.params.get("store"))
    except NbmlopsError:  # completion has no place to say so
        return []
    words = [summary.run.name or summary.run.id for summary in table]
    words += [f"@{place}" for place in range(1, len(table) + 1)] if begun.startswith("@") else []
    return [word for word in words if word.startswith(begun)]


def complete_trashed(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a run in the trash from the ids and names of the latest."""
    from nbmlops.tracking import looking

    try:
        table = looking.runs(limit=_MOST, trashed=True, store=ctx.params.get("store"))
    except NbmlopsError:  # completion has no place to say so
        return []
    words = [summary.run.name or summary.run.id for summary in table]
    return [word for word in words if word.startswith(begun)]


def complete_filter(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the last name of a filter or order: fields, and what the runs of the store have."""
    from nbmlops.query.fields import OFFERED
    from nbmlops.tracking import opening

    before, word = _last_word(begun)
    names: list[str] = [*OFFERED]
    try:
        with opening.opened(ctx.params.get("store")) as (store, _):
            for kind in ("metrics", "params", "tags"):
                names += [f"{kind}.{written_part(name)}" for name in store.names(kind)]
    except NbmlopsError:  # completion has no place to say so
        pass
    return [before + name for name in names if name.startswith(word)]


def _last_word(text: str) -> tuple[str, str]:
    """Split a text before its last word."""
    cut = max(text.rfind(sign) for sign in " (,") + 1
    return text[:cut], text[cut:]


def complete_kind(_ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a kind of secrets."""
    from nbmlops.redaction.redactor import kinds_of_secrets

    return [kind for kind in kinds_of_secrets() if kind.startswith(begun)]


def complete_data(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a data set from the names of the latest, and once begun from their digests."""
    from nbmlops.tracking import looking

    try:
        table = looking.data(limit=_MOST, store=ctx.params.get("store"))
    except NbmlopsError:  # completion has no place to say so
        return []
    names = [name for found in table for name in found.names]
    digests = [found.value.digest for found in table] if begun else []
    return [word for word in dict.fromkeys([*names, *digests]) if word.startswith(begun)]


def complete_metric(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a metric of the RUN before it."""
    return [word for word in _of_run(ctx)[0] if word.startswith(begun)]


def complete_variable(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete a variable of the session of the RUN before it, those written last first."""
    return [word for word in _of_run(ctx)[1] if word.startswith(begun)]


def complete_cell(ctx: click.Context, _parameter: click.Parameter, begun: str) -> list[str]:
    """Complete the number of an execution of the session of the RUN before it."""
    return [word for number in _of_run(ctx)[2] if (word := str(number)).startswith(begun)]


def complete_name(ctx: click.Context, parameter: click.Parameter, begun: str) -> list[str]:
    """Complete what a notebook can ask about: its variables and metrics, and runs."""
    from nbmlops.tracking import why

    try:
        names = why.names_here()
    except NbmlopsError:  # completion has no place to say so
        names = []
    here = [name for name in names if name.startswith(begun)]
    return [*here, *complete_run(ctx, parameter, begun)]


def _of_run(ctx: click.Context) -> tuple[list[str], list[str], list[int]]:
    from nbmlops.tracking import why

    run = ctx.params.get("run") or "@1"
    try:
        return why.names_of_run(run, store=ctx.params.get("store"))
    except NbmlopsError:  # completion has no place to say so
        return [], [], []
