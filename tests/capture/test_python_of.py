import pytest

from nbmlops.capture.python_of import python_of


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("x = 1", "x = 1\n"),
        ("%time x", "get_ipython().run_line_magic('time', 'x')\n"),
        ("!ls", "get_ipython().system('ls')\n"),
        ("x = !ls", "x = get_ipython().getoutput('ls')\n"),
        ("len?", "get_ipython().run_line_magic('pinfo', 'len')\n"),
        ("%%bash\nls", "get_ipython().run_cell_magic('bash', '', 'ls\\n')\n"),
        ("x = = 1", "x = = 1\n"),
        ("'''", "'''\n"),
    ],
)
def test_magics_become_calls(source, expected):
    assert python_of(source) == expected
