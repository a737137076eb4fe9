"""Who may ask, for what, and where paths lead."""

import json
import shutil
from dataclasses import replace

import pytest
from jupyter_server.auth import Authorizer

from nbmlops.server.routes import ROUTES
from tests.server.contract import DOCUMENT
from tests.server.serving import TOKEN, serving

BODIES = {
    "PATCH /runs/{id}": {"note": "x"},
    "POST /runs/{id}/restoration": {"cells": []},
    "POST /runs/{id}/reruns": {"parameters": {}},
    "POST /runs/{id}/replays": {},
}
NAMED = {"{id}": "r", "{execution}": "e", "{metric}": "m", "{digest}": "d"}


def addresses():
    for path, item in DOCUMENT["paths"].items():
        address = path
        for name, text in NAMED.items():
            address = address.replace(name, text)
        for method in item:
            if method in ("get", "post", "patch", "delete"):
                yield pytest.param(method.upper(), address, id=f"{method} {path}")


ADDRESSES = [*addresses()]


@pytest.fixture(scope="module")
def untouched(jupyter, root, recorded):
    """The server, asked about three runs that no test changes."""
    folder = root / "untouched"
    shutil.copytree(recorded / ".nbmlops", folder / ".nbmlops")
    return replace(jupyter, path=folder.name)


def test_what_the_contract_has_is_answered_and_nothing_else():
    has = {path: {m.upper() for m in item if m != "parameters"}
           for path, item in DOCUMENT["paths"].items()}  # fmt: skip
    assert {route.path: set(route.methods) for route in ROUTES} == has


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_without_the_token_nothing_is_answered(untouched, method, address):
    stranger = replace(untouched, headers={})
    assert stranger.problem(403, address, method)["code"] == "Forbidden"


def test_a_wrong_token_is_none(api, runs):
    assert replace(api, headers={"Authorization": "token wrong"}).problem(403, "/runs")


def test_writing_with_the_cookie_alone_needs_the_xsrf_token(api, runs):
    entered = replace(api, headers={}).ask("GET", "/runs", token=TOKEN)
    cookies = [text.split(";")[0] for text in entered.headers.get_all("Set-Cookie")]
    browser = replace(api, headers={"Cookie": "; ".join(cookies)})
    assert len(browser.get("/runs")["runs"]) == 3
    assert browser.problem(403, "/runs/wide", "DELETE")["code"] == "Forbidden"
    assert len(browser.get("/runs")["runs"]) == 3


class Readers(Authorizer):
    """Lets nobody write, and nobody read anything but runs of nbmlops."""

    def is_authorized(self, handler, user, action, resource):
        return (action, resource) == ("read", "nbmlops")


class Nobody(Authorizer):
    def is_authorized(self, handler, user, action, resource):
        return resource != "nbmlops"


@pytest.mark.parametrize("method", ["GET", "POST", "PATCH", "DELETE"])
@pytest.mark.parametrize("authorizer", [Readers, Nobody], ids=["readers", "nobody"])
def test_what_the_authorizer_forbids_is_not_done(tmp_path, recorded, authorizer, method):
    config = {"ServerApp": {"authorizer_class": authorizer}}
    before = (recorded / ".nbmlops" / "store.db").stat().st_mtime_ns
    with serving(recorded, tmp_path, config) as strict:
        for route in ROUTES:
            if method in route.methods:
                address = route.path
                for name, text in NAMED.items():
                    address = address.replace(name, text)
                if authorizer is Readers and method == "GET":
                    assert strict.ask(method, address).status != 403
                else:
                    problem = strict.problem(403, address, method, body={"note": "x"})
                    assert problem["code"] == "Forbidden"
    if method != "GET":
        assert (recorded / ".nbmlops" / "store.db").stat().st_mtime_ns == before


# Paths


@pytest.fixture
def secret(root, tmp_path):
    """A project outside of the root, and a link to it inside."""
    outside = tmp_path / "outside"
    (outside / ".nbmlops").mkdir(parents=True)
    link = root / f"link-{tmp_path.name}"
    link.symlink_to(outside)
    loop = root / f"loop-{tmp_path.name}"
    loop.symlink_to(loop)
    return outside


@pytest.mark.parametrize(
    "path",
    [
        pytest.param("..", id="up"),
        pytest.param("../outside", id="beside"),
        pytest.param("a/../../outside", id="up in the middle"),
        pytest.param("a/..", id="up and down"),
        pytest.param("{outside}", id="absolute"),
        pytest.param("//etc", id="two slashes"),
        pytest.param("{link}", id="a link"),
        pytest.param("{link}/a.ipynb", id="below a link"),
        pytest.param("{loop}", id="a link to itself"),
        pytest.param("a\0b", id="NUL"),
        pytest.param("x" * 9_000, id="endless"),
        pytest.param("x/" * 4_500, id="endlessly deep"),
    ],
)
def test_paths_out_of_the_root_are_refused(jupyter, secret, tmp_path, path):
    real = path.format(outside=secret, link=f"link-{tmp_path.name}", loop=f"loop-{tmp_path.name}")
    for address in ("/status", "/runs", "/runs/x"):
        problem = jupyter.problem(404, address, path=real)
        assert problem["code"] == "OutsideRoot"
        assert "nbmlops/store.db" not in json.dumps(problem)
    assert [*(secret / ".nbmlops").iterdir()] == []


@pytest.mark.parametrize(
    "below",
    ["", "/", "/a.ipynb", "/deep/er/a.ipynb", "/not there.ipynb", "/ü 🏃.ipynb"],
    ids=["the folder", "with a slash", "a notebook", "far below", "not there", "not ASCII"],
)
def test_project_is_that_of_the_notebook(jupyter, runs, below):
    (runs / "deep" / "er").mkdir(parents=True)
    (runs / "a.ipynb").write_text("{}")
    status = jupyter.get("/status", path=runs.name + below)
    assert (status["project"], status["state"]) == (str(runs.resolve()), "ready")
    assert status["store"] == f"sqlite:///{runs.resolve()}/.nbmlops/store.db"


@pytest.mark.parametrize("notebook", ["../a.ipynb", "/etc/passwd"])
def test_notebook_out_of_the_root_has_no_sessions_that_are_told(api, runs, notebook):
    assert api.problem(404, "/sessions", notebook=notebook)["code"] == "OutsideRoot"


@pytest.mark.parametrize(
    "name",
    [
        "nope", "x" * 5_000, "@99", "%2e%2e", "..%2F..%2Fetc", "%00", "9" * 400, "best:none",
        "%27%20or%201%3D1", "%F0%9F%8F%83",
    ],
    ids=["unknown", "endless", "place", "dots", "path", "NUL", "number", "best", "SQL", "emoji"],
)  # fmt: skip
@pytest.mark.parametrize("route", [each for each in ROUTES if "{" in each.path],
                         ids=lambda route: route.path)  # fmt: skip
def test_names_that_nothing_has_are_not_found(untouched, route, name):
    for method in route.methods:
        first, *further = route.path.split("{")[1:]
        address = route.path.replace("{" + first.partition("}")[0] + "}", name)
        for part in further:
            address = address.replace("{" + part.partition("}")[0] + "}", "x")
        body = BODIES.get(f"{method} {route.path}")
        assert untouched.problem(404, address, method, body=body)["message"]
