# Every target makes the environment it needs: uv where it is installed, else pip.
VENV := .venv
# Tests sync to disk all the time; memory does as well for what dies with the test run.
SCRATCH := $(or $(TMPDIR),$(shell test -w /dev/shm && echo /dev/shm || echo /tmp))
PY := $(VENV)/bin/python
SHELL := /bin/bash
FAST := $(addprefix tests/,domain config contract policy orders services tools store knowledge)

.PHONY: help install check test test-fast demo bench chaos test-mongo clean

help: ## List the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

$(VENV)/.installed: pyproject.toml
	@if command -v uv >/dev/null 2>&1; then \
	  uv venv --quiet --allow-existing $(VENV) && uv pip install --quiet --python $(PY) -e '.[dev]'; \
	else \
	  python3 -m venv $(VENV) && $(PY) -m pip install --quiet -e '.[dev]'; \
	fi
	@touch $@

install: $(VENV)/.installed ## Create .venv and install the package with what development needs

check: install ## Lint, types and import contracts
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports

test: install ## Run the whole test suite
	TMPDIR=$(SCRATCH) $(PY) -m pytest -n auto

test-fast: install ## Run what a change needs first: rules, policy, orders, stores in memory and on SQLite
	TMPDIR=$(SCRATCH) $(PY) -m pytest -n auto $(FAST) -k "(not mongo or mongomock) and not shell and not ten_thousand"

demo: install ## Play the main job with real processes on a throwaway store
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m tests.demo

bench: install ## Print the figures of the README
	@PATH="$(CURDIR)/$(VENV)/bin:$$PATH" $(PY) -m tests.bench

chaos: install ## Kill everybody at random for two minutes, and look for what is lost or doubled
	$(PY) -m tests.chaos

test-mongo: install ## Run the suite on a MongoDB started with Docker
	tests/mongo/with_docker.sh $(PY) -m pytest -n auto

clean: ## Remove the environment and the caches
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
