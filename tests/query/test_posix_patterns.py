"""Python's regular expressions as PostgreSQL reads them: what one finds, the other does."""

import re

import psycopg
import pytest

from nbmlops.query.posix_patterns import posix_of

TEXTS = [
    "", "a", "A", "ab", "abc", "a.c", "a\nc", "abc\n", "abc\nx", "x\nabc", "abab", "aa", "aaa",
    "foo bar", "foobar", "[x]", "]", "\\d", "a-c", "^", "$5", "é", "É", "x_1", "\t", "{2}",
    "a1", "v1.20.3", "data/x.csv", "\b", "a]b", "\n", "1", "Straße",
]  # fmt: skip
PATTERNS = [
    "", "a", "^a", "c$", "^abc$", r"\Aabc\Z", "a.c", "(?s)a.c", "(?m)^abc$", "(?m)c$", "(?i)ABC",
    "(?i)É", r"\bbar\b", r"\Bbar", r"\d", r"\D", r"\w\d", r"^\W+$", r"\s", r"[\d_]", r"[^\d]",
    "[[]", "[]]", "[^]]", "[a-c]", "[a\\-c]", "[\\]b]", "[.]", r"[\b]", "a{2}", "a{2,}", "a{,2}b",
    "^a{1,2}$", r"\{2\}", "a|b", "(ab)\\1", "(?P<x>ab)(?P=x)", "(?:ab)+$", "a+?b", "foo(?=bar)",
    "foo(?!bar)", "(?<=foo)bar", "(?<!foo)bar", "(?#note)abc", r"\x61", r"\u0061",
    r"\N{LATIN SMALL LETTER A}", r"\.csv$", r"^v\d+\.(2\d|3)\.", r"[\x41-\x43]", r"\$\d", r"\\d",
    "()", "a|", "^$", r"\n",
    r"ß", "[^a]c",
]  # fmt: skip


@pytest.fixture(scope="module")
def database(server):
    with psycopg.connect(server.url()) as connection:
        yield connection


@pytest.mark.parametrize("pattern", PATTERNS)
def test_postgresql_finds_what_python_does(database, pattern):
    statement = 'SELECT t FROM unnest(%s::text[]) t WHERE t COLLATE "pg_c_utf8" ~ %s'
    found = {row[0] for row in database.execute(statement, (TEXTS, posix_of(pattern)))}
    assert found == {text for text in TEXTS if re.search(pattern, text)}


@pytest.mark.parametrize(
    "pattern", ["a++", "a*+b", "(?>a)", "(?i:a)", "(a)?(?(1)b)", "(?x) a", "["]
)
def test_what_postgresql_has_no_words_for_is_refused(pattern):
    with pytest.raises(ValueError, match=r"there is no|unterminated"):
        posix_of(pattern)
