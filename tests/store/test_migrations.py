import re
import sqlite3

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine

from nbmlops.store import open_store, probing, tables


@pytest.fixture
def config():
    made = Config()
    made.set_main_option("script_location", "nbmlops.store:migrations")
    return made


@pytest.fixture
def migrated(tmp_path, config):
    """A connection to a database that the migrations alone have made."""
    engine = create_engine(f"sqlite:///{tmp_path}/migrated.db")
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        yield connection
    engine.dispose()


def test_migrations_from_nothing_lead_to_the_tables(migrated):
    context = MigrationContext.configure(migrated, opts={"compare_server_default": True})
    assert compare_metadata(context, tables.metadata) == []


def test_a_new_store_is_what_the_migrations_make(migrated, tmp_path):
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    with sqlite3.connect(tmp_path / "store.db") as created:
        new = shapes(created.execute)
    created.close()
    assert new == shapes(migrated.exec_driver_sql)


def shapes(execute):
    """Return every table and index with its columns and references, whatever their order."""
    names = execute("SELECT type, name FROM sqlite_master WHERE name NOT LIKE 'sqlite%'").fetchall()
    found = {}
    for kind, name in names:
        pragmas = ("table_xinfo", "foreign_key_list") if kind == "table" else ("index_xinfo",)
        for pragma in pragmas:
            rows = execute(f"PRAGMA {pragma}('{name}')").fetchall()
            found[kind, name, pragma] = sorted(tuple(map(str, row[1:])) for row in rows)
        if kind == "index":
            (sql,) = execute(f"SELECT sql FROM sqlite_master WHERE name = '{name}'").fetchone()
            found[kind, name, "unique"] = "UNIQUE" in sql
    return found


def test_the_last_migration_is_the_schema_the_tables_name(config, migrated):
    assert ScriptDirectory.from_config(config).get_current_head() == tables.SCHEMA
    version = migrated.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    assert version == tables.SCHEMA
    assert int(tables.SCHEMA) == probing.SCHEMA_NUMBER


def test_migrations_are_one_line_of_numbered_steps(config):
    steps = list(ScriptDirectory.from_config(config).walk_revisions())[::-1]
    assert [step.revision for step in steps] == [f"{n:04}" for n in range(1, len(steps) + 1)]
    for earlier, later in zip([None, *steps], steps, strict=False):
        assert later.down_revision == (earlier.revision if earlier else None)
        assert re.fullmatch(r"\d{4}_[a-z_]+\.py", later.path.rpartition("/")[2])


def test_a_store_says_what_it_is_to_whoever_reads_its_file(tmp_path):
    open_store(f"sqlite:///{tmp_path}/store.db").close()
    header = (tmp_path / "store.db").read_bytes()[:72]
    assert header[68:72] == b"nbml"
    assert int.from_bytes(header[60:64]) == probing.SCHEMA_NUMBER
