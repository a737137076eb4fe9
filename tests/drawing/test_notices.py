"""What is said beside the answer: by whom, and where nobody speaks."""

import pytest

from nbmlops.drawing.notices import Notice, Voice, hush, say, speak_by, tell


@pytest.fixture
def speak():
    yield speak_by
    speak_by(None)


def test_a_voice_says_all_of_it_until_it_ends(speak, capsys):
    said = []
    speak(Voice(tell=lambda text: said.append(f"know {text}"), say=said.append,
                hush=lambda: said.append("")))  # fmt: skip
    say("executing")
    tell("two are called so")
    hush()
    assert said == ["executing", "know two are called so", ""]
    speak(None)
    say("executing")
    hush()
    with pytest.warns(Notice, match="two are called so"):
        tell("two are called so")
    assert len(said) == 3
    assert capsys.readouterr().err == "executing\n"


def test_a_voice_that_only_tells_says_on_stderr_what_goes_on(speak, capsys):
    speak(Voice(tell=str))
    say("executing")
    tell("nothing to see")
    assert capsys.readouterr().err == "executing\n"
