"""The views that ``nbmlops sql`` selects from: the documented face of the tables.

They keep their columns when tables change, and leave out runs in the trash. How a database is
asked, so that nothing but SELECT gets through, is in `selecting_sqlite` and `selecting_postgresql`.
"""

from collections.abc import Iterator
from dataclasses import dataclass

VIEWS: dict[str, str] = {
    "runs": "id name experiment status opened closed duration notebook user hypothesis verdict "
    "note reason parent_id session_id automatic environment pinned",
    "params": "run_id name type value number source",
    "metrics": "run_id name last minimum maximum count last_step last_time source",
    "points": "run_id name step time value",
    "tags": "run_id name value",
    "models": "run_id name class_name",
    "executions": "run_id gave_result id session_id sequence cell_id tags source started "
    "duration_seconds cpu_seconds memory_growth_bytes outcome failure_type failure_message",
    "data": "run_id execution_id role name digest kind class_name row_count column_count "
    "size_bytes",
}

_RUNS = """
SELECT *, CASE WHEN closed IS NOT NULL THEN closed - opened
               WHEN status = 'running' THEN {now} - opened END AS duration
FROM (SELECT id, name, experiment, CASE WHEN status = 'running' AND session_id IN ({dead})
                                   THEN 'interrupted' ELSE status END AS status,
             opened, closed, notebook, "user", hypothesis, verdict, note, reason, parent_id,
             session_id, automatic, environment, pinned
      FROM {base}.runs WHERE trashed IS NULL) shown
"""
_KEPT = "run_id NOT IN (SELECT id FROM {base}.runs WHERE trashed IS NOT NULL)"
_CONTAINED = """
(SELECT s.run_id, e.*, EXISTS (
    SELECT 1 FROM {base}.stretches g
    WHERE g.run_id = s.run_id AND g.gave_result AND e.sequence BETWEEN g.first AND g.last
 ) AS gave_result
 FROM {base}.stretches s
 JOIN {base}.executions e ON e.session_id = s.session_id AND e.sequence BETWEEN s.first AND s.last
 WHERE NOT s.gave_result)
"""
_DATA = f"""
(SELECT run_id, id AS execution_id FROM {_CONTAINED} held) used JOIN
(SELECT execution_id, role, name, digest FROM {{base}}.uses UNION ALL
 SELECT execution_id, role, path, digest FROM {{base}}.file_uses) named USING (execution_id)
JOIN {{base}}."values" USING (digest)
"""  # noqa: S608


@dataclass(frozen=True, slots=True)
class Wording:
    """How a database words what is not the same in all.

    Attributes
    ----------
    base : str
        The schema that has the tables.
    params, points : str
        Selections, in which ``{base}`` stands for it: parameters with their ``value`` as text,
        measurements one by one.
    """

    base: str
    params: str
    points: str


def views(wording: Wording, now: float, dead: str) -> Iterator[tuple[str, str]]:
    """Give each view's name and selection; ``dead`` selects the sessions that are dead unsaid."""
    sources = {
        "runs": f"({_RUNS}) seen",
        "params": f"({wording.params}) written",
        "metrics": "{base}.metrics",
        "points": f"({wording.points}) measured",
        "tags": "{base}.tags",
        "models": "{base}.models",
        "executions": f"{_CONTAINED} held",
        "data": _DATA,
    }
    for view, columns in VIEWS.items():
        source = sources[view] if view == "runs" else f"{sources[view]} WHERE {_KEPT}"
        source = source.format(base=wording.base, now=now, dead=dead)
        quoted = ", ".join(f'"{column}"' for column in columns.split())  # user is a word of SQL
        yield view, f"SELECT {quoted} FROM {source}"  # noqa: S608
