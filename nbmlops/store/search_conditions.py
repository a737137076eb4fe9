"""Clauses of a filter as SQL conditions on runs.

Every condition is true or false, never NULL: what a run does not have fits no comparison, and
``not`` turns exactly that round. A field of which a run has several values fits if one of them
does; for ``!=`` and the ``not …`` operators if none fits the opposite, and there is one.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, cast

from sqlalchemy import (
    Alias,
    ColumnElement,
    FromClause,
    Select,
    Table,
    Text,
    and_,
    case,
    false,
    literal,
    not_,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy import cast as sql_cast

from nbmlops.query.clauses import Clause, Meaning
from nbmlops.query.fields import Field
from nbmlops.query.tree import And, Not, Operator, Or
from nbmlops.records import DATA_KINDS
from nbmlops.store import tables
from nbmlops.store.contained import (
    contained,
    contains_any,
    runs_around,
    runs_around_on_server,
    runs_with,
)
from nbmlops.store.rows import clean
from nbmlops.store.search_fitting import (
    fits,
    flag_fits,
    is_pattern,
    metric_fits,
    param_fits,
    tag_fits,
    version_fits,
)
from nbmlops.store.search_text import elements, is_among, is_one_of, member

type _Condition = ColumnElement[bool]

# How many runs are few: SQLite, which guesses, begins with these. Of those that an index finds all
# are looked up, of others only these.
_FEW_NAMED, _FEW_OF_MANY = 2_000, 500

# Of a name a run has one row.
NAMED: dict[str, Table] = {"metric": tables.metrics, "param": tables.params, "tag": tables.tags}


@dataclass(frozen=True)
class Conditions:
    """Makes conditions as of a moment.

    Attributes
    ----------
    now : float
    dead : Select
        The sessions that are dead though nobody has said so: their open runs are interrupted.
    versions : callable
        Gives every version that environments have at a path in their document.
    few : callable
        Gives the run ids that a selection finds, None where they are more than it is given.
    is_few : callable
        Tells whether a selection finds no more rows than it is given.
    few_texts : callable
        Gives the values that fit a pattern, of a parameter or tag that has few; None where it has
        many.
    is_planned : bool
        Whether the database has statistics of what is few: PostgreSQL does, and is not asked.
    run_id : column
        What stands for the run: its id, or that of a row of another table that is its.
    at_hand : alias, optional
        That row's table, of which rows called ``at_hand_name`` are looked at anyway.
    """

    now: float
    dead: Select[Any]
    versions: Callable[[Sequence[str]], Sequence[str]]
    few: Callable[[Select[Any], int], Sequence[str] | None]
    is_few: Callable[[Select[Any], int], bool]
    few_texts: Callable[[Clause], Sequence[str] | None]
    is_planned: bool
    run_id: ColumnElement[Any] = tables.runs.c.id
    at_hand: Alias | None = None
    at_hand_name: str | None = None

    def of(self, meaning: Meaning) -> _Condition:
        """Return the condition that runs have to fit."""
        match meaning:
            case And(parts):
                return and_(true(), *map(self.of, parts))
            case Or(parts):
                return or_(false(), *map(self.of, parts))
            case Not(part):  # of a row at hand it would not be known whether NULL fits
                return not_(replace(self, at_hand=None).of(part))
            case _:
                return self._clause(meaning)

    def run_column(self, field: Field) -> ColumnElement[Any]:
        """Return a field of the run itself; NULL where it has no value."""
        runs = tables.runs.c
        if field.name == "status":
            is_dead = and_(runs.status == "running", runs.session_id.in_(self.dead))
            return case((is_dead, "interrupted"), else_=runs.status)
        if field.name == "duration":
            is_open = and_(runs.status == "running", runs.session_id.not_in(self.dead))
            running = case((is_open, self.now - runs.opened))
            return case((runs.closed.is_not(None), runs.closed - runs.opened), else_=running)
        if field.name == "artifact_uri":  # of MLflow's runs; ours have none
            return sql_cast(literal(None), Text)
        return cast(ColumnElement[Any], runs[field.name])

    def _clause(self, clause: Clause) -> _Condition:
        match clause.field.scope:
            case "run" if clause.field.name == "status" and clause.operator == "in":
                return self._statuses(clause.values)
            case "run":
                return self._of_run(clause)
            case "metric" | "param" | "tag" as scope:
                return self._related(NAMED[scope], clause)
            case "package" | "environment":
                return self._of_environment(clause)
            case _:
                return self._of_many(clause)

    def _statuses(self, wanted: Sequence[str]) -> _Condition:
        """Return whether a run is shown in one of these states."""
        status = tables.runs.c.status
        is_dead = tables.runs.c.session_id.in_(self.dead)
        if ("running" in wanted) == ("interrupted" in wanted):
            return status.in_(wanted)
        if "running" in wanted:
            return and_(status.in_(wanted), or_(status != "running", not_(is_dead)))
        return or_(status.in_(wanted), and_(status == "running", is_dead))

    def _of_run(self, clause: Clause) -> _Condition:
        column = self.run_column(clause.field)
        if clause.operator in ("is null", "is not null"):
            return column.is_(None) if clause.operator == "is null" else column.is_not(None)
        is_there = column.is_not(None) if getattr(column, "nullable", True) else true()
        return and_(is_there, fits(clause, column))

    def _of_environment(self, clause: Clause) -> _Condition:
        field, environments = clause.field, tables.environments.c
        path = ["packages", field.name] if field.scope == "package" else field.name.split(".")
        value = member(environments.document, *path)
        if clause.operator in ("is null", "is not null"):
            has_it = select(environments.digest).where(value.is_not(None))
        elif field.kind == "version":
            fitting = [text for text in self.versions(path) if version_fits(clause, text)]
            has_it = select(environments.digest).where(value.in_(fitting))
        elif field.kind == "flag":
            has_it = select(environments.digest).where(flag_fits(clause, value))
        else:
            has_it = select(environments.digest).where(fits(clause, value))
        environment = tables.runs.c.environment
        there = and_(environment.is_not(None), environment.in_(has_it))
        return not_(there) if clause.operator == "is null" else there

    def _related(self, table: Table, clause: Clause) -> _Condition:
        """Return whether a run has the metric, parameter or tag of a clause, and it fits.

        Where few have it the database may begin with those; where many do it looks for it in the
        runs that are asked for anyway, which need not be all of them.
        """
        if self._is_at_hand(table, clause):
            assert self.at_hand is not None
            return self._fits_row(clause, self.at_hand)
        named = self.related(table, clause)
        is_there = named.where(table.c.run_id == self.run_id).correlate_except(table).exists()
        if clause.operator == "is null":
            return not_(is_there)
        if self.is_planned:
            return is_there
        if is_pattern(clause) and self.few_texts(clause) is None:  # not worth asking twice
            ids = self.few(named, _FEW_NAMED)
            return is_there if ids is None else is_among(self.run_id, ids)
        return self.run_id.in_(named) if self.is_few(named, _FEW_NAMED) else is_there

    def related(self, table: Table, clause: Clause) -> Select[Any]:
        """Select the ids of the runs that have the metric, parameter or tag of a clause, fitting.

        Of ``is null`` those that have it.
        """
        named = select(table.c.run_id).where(table.c.name == clean(clause.field.name))
        if clause.operator == "is null":
            return named
        return named.where(self._fits_row(clause, table))

    def _fits_row(self, clause: Clause, row: FromClause) -> _Condition:
        """Return whether a row of the metric, parameter or tag of a clause fits it."""
        if clause.operator in ("is null", "is not null"):
            return true() if clause.operator == "is not null" else false()
        if clause.field.scope == "metric":
            return metric_fits(clause, row)
        is_param = clause.field.scope == "param"
        texts = self.few_texts(clause) if is_pattern(clause) else None
        if texts is not None:
            value = row.c.json if is_param else row.c.value
            return is_one_of(value, texts) if texts else false()
        return param_fits(clause, row) if is_param else tag_fits(clause, row)

    def _is_at_hand(self, table: Table, clause: Clause) -> bool:
        at_hand = self.at_hand is not None and self.at_hand.element is table
        return at_hand and self.at_hand_name == clean(clause.field.name)

    def _of_many(self, clause: Clause) -> _Condition:
        """Return whether one of several values of a run fits, or for negations none of them."""
        meaning = without_negation(clause)
        return self._has(clause) if meaning is clause else self.of(meaning)

    def _has(self, clause: Clause) -> _Condition:
        """Return whether a run has a value of a field of many that fits."""
        table = _OWN.get(clause.field.scope)
        if table is None:
            return self._contains(clause)
        owners = select(table.c.run_id)
        if clause.operator != "is not null":
            owners = owners.where(fits(clause, table.c[clause.field.part]))
        ids = None if self.is_planned else self.few(owners.distinct(), _FEW_OF_MANY)
        if ids is not None:
            return is_among(self.run_id, ids)
        own = owners.where(table.c.run_id == self.run_id)
        return own.correlate(cast(Any, self.run_id).table).exists()

    def _contains(self, clause: Clause) -> _Condition:
        """Return whether a run contains an execution that has a value which fits."""
        if self.is_planned and is_pattern(clause):
            # How many fit a pattern no statistics tell. OFFSET has all found at once, rather than
            # run by run in the order that is asked for, until there are enough.
            return self.run_id.in_(runs_around_on_server(_places_with(clause)).offset(0))
        owners = runs_with(_executions_with(clause))
        if self.is_planned:
            return self.run_id.in_(owners)
        ids = self.few(owners.distinct(), _FEW_OF_MANY)  # which ends once there are more
        if ids is not None:
            return is_among(self.run_id, ids)
        return contains_any(self.run_id, _places_with(clause))

    def containing(self, clause: Clause) -> Select[Any]:
        """Select the ids of all runs that contain an execution with a value that fits.

        In SQLite, which has to be told how. Some come repeatedly.
        """
        return runs_around(_places_with(clause))


def without_negation(clause: Clause) -> Meaning:
    """Return what a clause on a field of many means, said by such as one value can fit.

    That is the clause itself where it is no negation.
    """
    operator, field = clause.operator, clause.field
    has_any = replace(clause, operator="is not null", values=())
    if operator == "is null":
        return Not(has_any)
    is_negation = operator == "!=" or (operator.startswith("not ") and operator != "is not null")
    if not is_negation or field.scope == "dataset":  # as MLflow means it
        return clause
    opposite = "=" if operator == "!=" else operator.removeprefix("not ")
    return And((has_any, Not(replace(clause, operator=cast(Operator, opposite)))))


def is_of_executions(field: Field) -> bool:
    """Tell whether a run has a field's values of the executions that it contains."""
    return field.scope in ("cell", "data", "dataset")


def _executions_with(clause: Clause) -> Select[Any]:
    """Select the ids of the executions that have a value which fits."""
    executions, value = by_execution(clause.field)
    executions = executions.where(value.is_not(None))
    return executions if clause.operator == "is not null" else executions.where(fits(clause, value))


def _places_with(clause: Clause) -> Select[Any]:
    """Select the sessions and numbers of the executions that have a value which fits."""
    executions, columns = _executions_with(clause), tables.executions.c
    if clause.field.scope == "cell" and clause.field.part != "tag":  # each has one value
        return executions.with_only_columns(columns.session_id, columns.sequence)
    return select(columns.session_id, columns.sequence).where(columns.id.in_(executions))


def values_of(field: Field) -> tuple[Select[Any], ColumnElement[Any]]:
    """Return a selection of run ids by the values of a field of many, and the value's column."""
    table = _OWN.get(field.scope)
    if table is not None:
        return select(table.c.run_id), table.c[field.part]
    executions, value = by_execution(field)
    found = executions.add_columns(value.label("value")).subquery()
    inside = contained()
    joined = inside.join(found, found.c.execution_id == inside.c.execution_id)
    return select(inside.c.run_id).select_from(joined), found.c.value


# Of these a run has its own; other fields of many are of the executions that it contains.
_OWN: dict[str, Table] = {"tags": tables.tags, "model": tables.models}


def by_execution(field: Field) -> tuple[Select[Any], ColumnElement[Any]]:
    """Return a selection of execution ids by the values of a field, and the value's column."""
    if field.scope != "cell":
        return _data(field)
    executions = tables.executions.c
    statement = select(executions.id.label("execution_id"))
    if field.part != "tag":
        return statement, executions[field.part]
    tag = elements(executions.tags)
    have_any = statement.where(executions.tags != "[]")  # which spares most a look into the list
    return have_any.join(tag, true()), tag.c.value


def _data(field: Field) -> tuple[Select[Any], ColumnElement[Any]]:
    uses, files, values = tables.uses.c, tables.file_uses.c, tables.values.c
    of_names = select(uses.execution_id, uses.digest, uses.name)
    of_files = select(files.execution_id, files.digest, files.path.label("name"))
    if field.scope == "data":
        name = clean(field.name)
        of_names, of_files = of_names.where(uses.name == name), of_files.where(files.path == name)
    used = union_all(of_names, of_files).subquery("used")
    statement = (
        select(used.c.execution_id)
        .join(tables.values, values.digest == used.c.digest)
        .where(values.kind.in_(DATA_KINDS))
    )
    if field.scope == "data":
        return statement, values[field.part]
    if field.part == "context":  # of MLflow's data sets; ours have none
        return statement, sql_cast(literal(None), Text)
    return statement, used.c.name if field.part == "name" else used.c.digest
