"""Imports at the top of an extracted notebook: cells in, cells out."""

import ast

import pytest

from nbmlops.cells.hoisting import bindings
from tests.cells.extracting import extracted, failed, sources

USE = "y = np.pi"


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        pytest.param(
            ["import os\nx = os.sep", "import math as m\ny = m.pi + len(x)"],
            ["import os\nimport math as m", "x = os.sep", "y = m.pi + len(x)"],
            id="of several cells, in their order",
        ),
        pytest.param(
            ["import math  # 1\n# one\nx = math.pi", "# two\nimport math\ny = math.e + x"],
            ["import math  # 1", "# one\nx = math.pi", "# two\ny = math.e + x"],
            id="the same once, with the comment of its line; other comments stay",
        ),
        pytest.param(
            ["# what is needed\nimport os\n\nimport sys", "y = os.sep + sys.path[0]"],
            ["# what is needed\nimport os\n\nimport sys", "y = os.sep + sys.path[0]"],
            id="a cell of nothing else comes as it was",
        ),
        pytest.param(
            ["from os import (\n    sep,  # a\n    linesep,\n)\nx = sep + linesep", "y = x"],
            ["from os import (\n    sep,  # a\n    linesep,\n)", "x = sep + linesep", "y = x"],
            id="over several lines",
        ),
        pytest.param(
            ["x = 1", "from __future__ import annotations\nimport os\ny = os.sep * x"],
            ["import os", "x = 1", "from __future__ import annotations\ny = os.sep * x"],
            id="the future stays behind what did not know it",
        ),
        pytest.param(
            ["import os\nimport math", "from __future__ import annotations\ny = os.sep, math"],
            ["from __future__ import annotations\nimport os\nimport math", "y = os.sep, math"],
            id="the future goes first",
        ),
        pytest.param(
            ["if True:\n    import numpy as np", USE], ["if True:\n    import numpy as np", USE],
            id="not from under if",
        ),
        pytest.param(
            ["try:\n    import numpy as np\nexcept ImportError:\n    np = None", USE],
            ["try:\n    import numpy as np\nexcept ImportError:\n    np = None", USE],
            id="not from under try",
        ),
        pytest.param(
            ["x = 1; import numpy as np", f"{USE} + x"],
            ["x = 1; import numpy as np", f"{USE} + x"],
            id="not from a line with something else",
        ),
        pytest.param(
            ["from math import *", "y = 1"], ["y = 1"], id="unneeded cell is none of the slice"
        ),
        pytest.param(
            ["from math import *\nx = pi", "y = x"], ["from math import *\nx = pi", "y = x"],
            id="star imports stay",
        ),
        pytest.param(
            ["x = sum([1, 2])", "from numpy import sum\ny = sum([x])"],
            ["x = sum([1, 2])", "from numpy import sum\ny = sum([x])"],
            id="a name of Python's own stays",
        ),
        pytest.param(
            ["np = 2\nx = np", "import numpy as np\ny = np.pi + x"],
            ["np = 2\nx = np", "import numpy as np\ny = np.pi + x"],
            id="a name that is bound to something else",
        ),
        pytest.param(
            ["import json\nx = json.dumps(1)", "import simplejson as json\ny = json.dumps(x)"],
            ["import json\nx = json.dumps(1)", "import simplejson as json\ny = json.dumps(x)"],
            id="a name that is another module elsewhere",
        ),
        pytest.param(
            ["import os.path\nx = os.sep", "import os\ny = os.sep + x"],
            ["import os.path\nimport os", "x = os.sep", "y = os.sep + x"],
            id="a package and its module are one name for one thing",
        ),
        pytest.param(
            ["def f():\n    return np.pi", "import numpy as np\ny = f()"],
            ["def f():\n    return np.pi", "import numpy as np\ny = f()"],
            id="a name that something before it reads",
        ),
        pytest.param(
            [failed("import os\nx = os.sep\n1 / 0"), "y = x"],
            ["import os\nx = os.sep\n1 / 0", "y = x"],
            id="nothing out of a cell that failed",
        ),
        pytest.param(
            ["%%time\nimport os\nx = os.sep", "import math\ny = x * int(math.pi)"],
            ["import math", "%%time\nimport os\nx = os.sep", "y = x * int(math.pi)"],
            id="nothing out of a cell below a magic, but past it",
        ),
        pytest.param(
            ["  import os\n  x = os.sep", "y = x"], ["  import os\n  x = os.sep", "y = x"],
            id="not from an indented cell",
        ),
    ],
)  # fmt: skip
def test_imports_stand_at_the_top_where_that_changes_nothing(cells, expected):
    assert sources(extracted(*cells)) == expected


@pytest.mark.parametrize(
    "setting",
    [
        "import sys\nsys.path.insert(0, 'lib')\nx = sys",
        "import os\nos.environ['OMP_NUM_THREADS'] = '1'\nx = os",
        "import os\nos.chdir('.')\nx = os",
        "import matplotlib\nmatplotlib.use('Agg')\nx = matplotlib",
        "import warnings\nwarnings.filterwarnings('ignore')\nx = warnings",
        "%pip install numpy\nx = 1",
        "%cd ..\nx = 1",
        "%env A=1\nx = 1",
        "!pip install numpy\nx = 1",
        "files = !ls\nx = files",
        "%%bash\npip install numpy",
        "%run settings.py\nx = 1",
        "exec('import sys')\nx = 1",
    ],
)
def test_an_import_stays_behind_what_may_change_what_it_does(setting):
    last = "import numpy as np\ny = np.pi"
    cells = sources(extracted(setting, last, targets=[1, 2]))
    assert cells[-1] == last
    assert "numpy as np" not in "".join(cells[:-1])


@pytest.mark.parametrize(
    "before",
    ["%matplotlib inline\nx = 1", "%time x = 1", "%load_ext autoreload\n%autoreload 2\nx = 1"],
)
def test_an_import_goes_past_magics_that_do_not_matter_to_it(before):
    cells = sources(extracted(before, "import numpy as np\ny = np.pi, x"))
    assert cells == ["import numpy as np", before, "y = np.pi, x"]


def test_a_module_that_the_slice_writes_is_imported_where_it_was():
    writes = "%%writefile lib/rates.py\nrate = 2"
    last = "import os\nfrom rates import rate\ny = rate, os.sep"
    assert sources(extracted(writes, last, targets=[1, 2])) == [writes, last]
    other = "open('rates.py', 'w').write('rate = 2')\nx = 1"
    found = sources(extracted(other, f"{last}, x", written=["src/rates.py"]))
    assert found == ["import os", other, "from rates import rate\ny = rate, os.sep, x"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a", {"a": "a"}),
        ("import a.b", {"a": "a"}),
        ("import a.b as c", {"c": "a.b"}),
        ("from a import b, c as d", {"b": "a:b", "d": "a:c"}),
        ("from .. import b", {"b": "..:b"}),
        ("from a import *", {}),
    ],
)
def test_an_import_binds_names(source, expected):
    assert dict(bindings(ast.parse(source).body[0])) == expected
