import pytest

from nbmlops.cells.texts import keeps_text, shows_values


@pytest.mark.parametrize(
    ("source", "kept"),
    [
        ("text = repr(df)", True),
        ("text = str(df.head())", True),
        ("text = df.to_string()", True),
        ("page = df._repr_html_()", True),
        ("text = f'{df}'", True),
        ("text = f'{df!r}'", True),
        ("text = '{}'.format(df)", True),
        ("text = '%s' % df", True),
        ("text = np.array2string(a)", True),
        ("lines.append(str(df))", True),
        ("print(df, file=out)", True),
        ("df.to_html('page.html')", True),
        ("def told(df):\n    return str(df)", True),
        ("text = f'{len(df)} of {df.shape[0]}'", False),
        ("text = f'{score:.3f}'", False),
        ("text = '%.3f' % score", False),
        ("text = str(3)", False),
        ("text = str()", False),
        ("print(f'{df}')", False),
        ("str(df)", False),
        ("df.to_html()", False),
        ("assert x, f'{df}'", False),
        ("x = df[f'{name}']", False),
        ("x = df.sum()", False),
        ("x =", False),
        ("", False),
    ],
)
def test_texts_of_values_that_a_cell_keeps(source, kept):
    assert keeps_text(source) is kept


@pytest.mark.parametrize(
    ("source", "shown"),
    [
        ("df", True),
        ("x = 1\ndf.head()", True),
        ("print(df)\nx = 1", True),
        ("for c in df:\n    display(df[c])", True),
        ("%%time\ndf", True),
        ("df;", False),
        ("x = df", False),
        ("# nothing", False),
        ("", False),
    ],
)
def test_cells_that_may_show_a_value(source, shown):
    assert shows_values(source) is shown
