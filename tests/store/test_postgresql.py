"""What is PostgreSQL's alone: who is let in, what is said when it cannot be used, and by whom."""

import math
import subprocess
import sys

import psycopg
import pytest

from nbmlops import errors
from nbmlops.records import Param, Point, Points, Run, Session, Tag
from nbmlops.store import open_store, postgresql, selecting_postgresql
from nbmlops.store.base import RunQuery, RunSearch
from nbmlops.store.probing import probe

SECRET = "hidden/pass?word"
SESSION = Session("s1", 1.0, "jupyter", "churn", ended=9.0)
RUN = Run("r1", "s1", "churn", 2.0)


@pytest.fixture
def url(server, tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))
    return server.new_url()


@pytest.fixture(scope="module")
def ada(server):
    """A user with a password, who may do nothing yet."""
    server.execute(f"CREATE USER ada PASSWORD '{SECRET}'")
    server.require_password("ada")
    return "ada"


def as_user(url, user, password=None):
    return url.replace("postgres@", f"{user}:{password}@" if password else f"{user}@")


def schema_of(url):
    return url.rpartition("search_path%3D")[2]


def refusal(url):
    with pytest.raises(errors.StoreError) as caught:
        open_store(url).close()
    return caught.value


def usable_by_ada(url, server):
    server.execute(f"GRANT USAGE ON SCHEMA {schema_of(url)} TO ada")
    return as_user(url, "ada", SECRET)


WRONG = {
    "no server": (lambda url, server: url.replace(server.socket, "/nowhere"),
                  errors.ServerAway, "Is the server running"),
    "no answer": (lambda url, _: "postgresql://ada:hidden@127.0.0.1:1/db",
                  errors.ServerAway, "Connection refused"),
    "wrong password": (lambda url, _: as_user(url, "ada", "hidden"),
                       errors.ServerRefuses, "password authentication failed"),
    "no password": (lambda url, _: as_user(url, "ada"), errors.ServerRefuses, "PGPASSWORD"),
    "no such user": (lambda url, _: as_user(url, "eve", "hidden"),
                     errors.ServerRefuses, "eve"),
    "no such database": (lambda url, server: server.url(database="hidden_place"),
                         errors.DatabaseMissing, "createdb"),
    "no such schema": (lambda url, server: server.url(options="-csearch_path=nowhere"),
                       errors.DatabaseMissing, "no schema"),
    "no use of the schema": (lambda url, _: as_user(url, "ada", SECRET),
                             errors.DatabaseMissing, "GRANT USAGE, CREATE"),
    "no permission": (usable_by_ada, errors.StoreNotWritable, "permission denied"),
}  # fmt: skip


@pytest.mark.parametrize(("wrong", "error", "said"), WRONG.values(), ids=WRONG)
def test_what_keeps_a_store_from_opening_is_said_with_what_to_do(
    url, server, ada, wrong, error, said
):
    problem = refusal(wrong(url, server))
    assert type(problem) is error
    assert said in str(problem)


@pytest.mark.parametrize("password", [SECRET, "hidden", "p%40ss", "%"])
def test_a_password_is_in_no_error_and_nowhere_shown(url, ada, password):
    given = as_user(url, "ada", password)
    problem = refusal(given)
    cause = problem.__cause__
    for shown in (str(problem), repr(problem), str(problem.args), str(cause), repr(cause)):
        assert password not in shown or password == "%"
        assert f":{password}@" not in shown
    assert "ada@" in str(problem)


def test_a_store_shows_itself_without_its_password(url, ada, server):
    server.execute(f"GRANT ALL ON SCHEMA {schema_of(url)} TO ada")
    store = open_store(as_user(url, "ada", SECRET))
    store.save([SESSION, RUN])
    assert SECRET not in store.url
    assert store.url == as_user(url, "ada")
    assert SECRET not in repr(store.engine)
    assert all(SECRET not in finding.text for finding in store.check())
    store.close()


def test_whoever_may_only_read_reads(url, ada, server):
    open_store(url).close()
    server.execute(f"GRANT USAGE ON SCHEMA {schema_of(url)} TO ada")
    server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema_of(url)} TO ada")
    owner = open_store(url)
    owner.save([SESSION, RUN])
    store = open_store(as_user(url, "ada", SECRET))
    assert (store.count_runs(RunQuery()), store.settle()) == (1, [])
    assert store.select("select id from runs", limit=9, timeout_seconds=9).rows == (("r1",),)
    with pytest.raises(errors.StoreNotWritable):
        store.save([Tag("r1", "x")])
    assert [one.subject for one in store.check() if not one.is_good] == ["permissions"]
    store.close()
    owner.close()


def test_a_database_with_other_tables_is_refused_and_left_alone(url, server):
    server.execute("CREATE TABLE customers (name text)", url)
    assert "customers" in str(refusal(url))
    tables_there = server.execute(
        f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema_of(url)}'"
    )
    assert tables_there == [("customers",)]


def test_a_store_of_a_later_version_is_refused(url, server):
    open_store(url).close()
    server.execute("UPDATE alembic_version SET version_num = '9000'", url)
    assert isinstance(refusal(url), errors.StoreTooNew)


def test_a_store_whose_row_another_holds_is_unavailable_to_write_and_still_read(url, monkeypatch):
    monkeypatch.setitem(postgresql._SETTINGS, "lock_timeout", "50")
    store = open_store(url)
    store.save([SESSION, RUN])
    with psycopg.connect(url) as holder:
        holder.execute("UPDATE runs SET name = 'theirs'")
        with pytest.raises(errors.StoreUnavailable):
            store.save([RUN])
        assert [one.run for one in store.runs(RunQuery())] == [RUN]
    store.save([RUN])
    store.close()


def test_a_store_that_was_dropped_says_so(url, server):
    store = open_store(url)
    server.execute(f"DROP SCHEMA {schema_of(url)} CASCADE")
    with pytest.raises(errors.NotAStore):
        store.runs(RunQuery())
    store.close()


OPEN_AT_ONCE = """
import sys
from nbmlops.records import Run, Session
from nbmlops.store import open_store

sys.stdin.read(1)
url, name = sys.argv[1:]
store = open_store(url)
store.save([Session(name, 1.0, "script", "x", ended=2.0), Run(name, name, "x", 1.0)])
"""


def test_processes_may_make_a_new_store_at_once(url):
    command = [sys.executable, "-c", OPEN_AT_ONCE, url]
    started = [
        subprocess.Popen([*command, str(n)], stdin=subprocess.PIPE, stderr=subprocess.PIPE)
        for n in range(4)
    ]
    for process in started:
        process.stdin.close()
    problems = [process.stderr.read() for process in started]
    for process in started:
        process.stderr.close()
    assert [process.wait() for process in started] == [0] * 4, problems
    store = open_store(url)
    assert store.count_runs(RunQuery()) == 4
    store.close()


def test_looking_at_a_url_loads_no_driver_and_asks_no_server(run_python):
    script = """
    import sys
    import nbmlops
    from nbmlops.store import live_folder, open_blobs
    from nbmlops.store.probing import probe
    url = "postgresql://ada@nowhere.invalid/runs"
    probe(url); live_folder(url); open_blobs(url)
    print(sorted({"sqlalchemy", "alembic", "psycopg"} & set(sys.modules)))
    """
    assert run_python(script) == "[]"


def test_without_a_driver_it_is_said_how_to_install_it(monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(errors.LibraryMissing, match=r"pip install 'nbmlops\[postgres\]'"):
        probe("postgresql://ada:hidden@host/runs")


@pytest.mark.parametrize(
    "statement",
    ["copy (select 1) to '/tmp/nbmlops-copied'", "copy (select 1) to program 'true'",
     "do $$ begin end $$", "set transaction read write", "commit", "rollback", "call f()",
     "select nextval('s')", "select set_config('transaction_read_only', 'off', false)",
     "select * into t from runs", "select * from contents for update", "vacuum", "listen x",
     "explain analyze delete from runs", "; delete from runs",
     "select pg_read_file('/etc/hostname')", "select * from pg_ls_dir('/')",
     "select pg_catalog.pg_read_file('/etc/hostname')", "select \"pg_read_file\"('/etc/hostname')",
     "select pg_read_file /* x */ ('/etc/hostname')", "select U&\"pg\\005fread_file\"('/etc/x')",
     "select E'\\'' || pg_read_file('/etc/hostname') || ''",
     "select set_config('role', 'none', true), query_to_xml('select 1', true, true, '')",
     "select query_to_xml('select pg_read_file(''/etc/hostname'')', true, true, '')",
     "select public.f()", "select pg_sleep(1)", "select current_setting('data_directory')",
     "select lo_get(1)", "select pg_terminate_backend(1)"],
)  # fmt: skip
def test_no_statement_does_more_than_read_even_for_a_superuser(url, server, statement):
    store = open_store(url)
    store.save([SESSION, RUN])
    with pytest.raises(errors.SelectFailed):
        store.select(statement, limit=9, timeout_seconds=9)
    assert store.count_runs(RunQuery()) == 1
    store.close()


@pytest.mark.parametrize(
    "statement",
    [
        "select count(*), max(opened), lower(min(name)), coalesce(null, 'x') from runs",
        "with recursive n(x) as (select 1 union all select x + 1 from n where x < 3) "
        "select sum(x) over (order by x) from n",
        "select a, b from (values (1, 2)) as t(a, b)",
        "select random() < 2, to_timestamp(opened), extract(year from now()) from runs",
        "select * from generate_series(1, 3) as t(x) where x in (1, 2)",
        "select 'pg_read_file(x)', $$pg_read_file(x)$$ -- pg_read_file(x)",
        "select string_agg(name, ',' order by name) filter (where name is not null) from params",
        "select percentile_cont(0.5) within group (order by last) from metrics",
        "select cast(1.5 as numeric(3, 1)), '1'::varchar(2), regexp_replace('a', 'a', 'b')",
    ],
)
def test_what_only_computes_is_answered(url, statement):
    store = open_store(url)
    store.save([SESSION, RUN])
    assert store.select(statement, limit=9, timeout_seconds=9).rows
    store.close()


def test_whoever_may_make_nothing_asks_in_sql(url, server, ada):
    owner = open_store(url)
    owner.save([SESSION, RUN, Points.pack("r1", "auc", 0, [Point(0, 1.0, -0.1)])])
    owner.close()
    server.execute(f"GRANT USAGE ON SCHEMA {schema_of(url)} TO ada")
    server.execute(f"GRANT SELECT ON ALL TABLES IN SCHEMA {schema_of(url)} TO ada")
    server.execute("REVOKE TEMP ON DATABASE postgres FROM PUBLIC")
    store = open_store(as_user(url, "ada", SECRET))
    try:
        found = store.select("select step, value from points", limit=9, timeout_seconds=9)
        assert found.rows == ((0, -0.1),)
    finally:
        server.execute("GRANT TEMP ON DATABASE postgres TO PUBLIC")
        store.close()


NUMBERS = [0.0, -0.0, 1.5, -1e308, 5e-324, 2.2250738585072014e-308, math.pi, math.inf, math.nan]


def test_numbers_are_read_from_packed_bytes_to_the_last_bit(url):
    store = open_store(url)
    points = [Point(step - 3, 0.1 * step, value) for step, value in enumerate(NUMBERS)]
    store.save([SESSION, RUN, Points.pack("r1", "auc", 0, points)])
    found = store.select("select step, time, value from points", limit=99, timeout_seconds=9)
    expected = [(each.step, each.time, each.value if math.isfinite(each.value) else None)
                for each in points]  # fmt: skip
    assert list(map(repr, found.rows)) == list(map(repr, expected))
    store.close()


@pytest.mark.parametrize(
    "statement",
    ["with runs as (select 1 as id) select id from runs", "values (1)", "(select 1)", "select 1 ;",
     "select 1 -- and no more", "with recursive n(x) as (select 1) select x from n",
     "select count(*) from runs a join runs b using (id)", "select '100%'::text <> '' and 1 = 1"],
)  # fmt: skip
def test_any_one_selection_is_answered(url, statement):
    store = open_store(url)
    store.save([SESSION, RUN])
    assert store.select(statement, limit=9, timeout_seconds=9).rows == ((1,),)
    store.close()


@pytest.mark.parametrize("is_known", [True, False], ids=["away since", "away while it answers"])
def test_asking_a_server_that_is_away_says_so_and_later_is_answered(
    url, server, monkeypatch, is_known
):
    store = open_store(url)
    store.save([SESSION, RUN])
    options = {"limit": 9, "timeout_seconds": 9.0}
    if is_known:
        server.stop()
        try:
            with pytest.raises(errors.ServerAway):
                store.select("select 1", **options)
        finally:
            server.start()
    else:
        with monkeypatch.context() as patch:
            for name in ("_check_functions", "_give_up_rights"):  # which would refuse it
                patch.setattr(selecting_postgresql, name, lambda *_: None)
            with pytest.raises(errors.ServerAway):
                store.select("select pg_terminate_backend(pg_backend_pid())", **options)
    assert store.select("select 1", **options).rows == ((1,),)
    store.close()


def test_numbers_of_any_type_come_as_numbers(url):
    store = open_store(url)
    found = store.select("select 1.5::numeric, sum(2), avg(3)", limit=9, timeout_seconds=9)
    assert found.rows == ((1.5, 2.0, 3.0),)
    assert {type(value) for value in found.rows[0]} == {float, int}
    store.close()


def test_values_longer_than_an_index_takes_are_kept_and_found(url):
    store = open_store(url)
    long = "".join(map(chr, range(0x4E00, 0x9E00)))
    store.save([SESSION, RUN, Run("r2", "s1", "churn", 1.0)])
    store.save([Tag("r1", "t", long), Tag("r2", "t", long[:300]), Param.of("r1", "p", "x", "cell")])
    for text, ids in ((long, ["r1"]), (long[:300], ["r2"]), (long[:200], [])):
        found = store.search(RunSearch(f"tags.t = '{text}'")).summaries
        assert [one.run.id for one in found] == ids
    store.close()
