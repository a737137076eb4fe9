from types import SimpleNamespace

import pytest

from nbmlops.capture.typed_secrets import TypedSecrets


class Kernel:
    """Answers as somebody who types."""

    def _input_request(self, prompt, *, password=False):
        return "typed"


class Learning:
    """Learns, or fails to."""

    def __init__(self, problem=None):
        self.learnt, self._problem = [], problem

    def learn(self, value, kind):
        if self._problem is not None:
            raise self._problem
        self.learnt.append((value, kind))


@pytest.mark.parametrize(
    ("is_password", "learnt"),
    [(True, [("typed", "password")]), (False, [])],
    ids=["password", "input"],
)
def test_what_is_typed_as_a_password_is_learnt(is_password, learnt):
    kernel, redact, faults = Kernel(), Learning(), []
    typed = TypedSecrets(
        SimpleNamespace(kernel=kernel), redact, lambda *fault: faults.append(fault)
    )
    typed.open()
    assert kernel._input_request("? ", password=is_password) == "typed"
    assert redact.learnt == learnt
    typed.close()
    assert "_input_request" not in vars(kernel)


def test_a_fault_of_ours_costs_no_cell_its_password():
    kernel, problem, faults = Kernel(), ZeroDivisionError(), []
    shell = SimpleNamespace(kernel=kernel)
    TypedSecrets(shell, Learning(problem), lambda *fault: faults.append(fault)).open()
    assert kernel._input_request("? ", password=True) == "typed"
    assert faults == [("learning a password", problem)]
