"""The verbs that look after a store as a whole."""

from nbmlops.verbs.base import Answer, verb


@verb("""\
  nbmlops doctor
  nbmlops doctor --store /data/team/.nbmlops""")
def doctor(store: str | None) -> Answer:
    """Look the store over: schema, pages, references, blobs, living sessions, faults."""
    from nbmlops.answers import Findings
    from nbmlops.tracking import looking

    findings = Findings(tuple(looking.doctor(store=store)))
    return Answer(findings, exit_code=0 if findings.is_good else 1)
