# The two commands a newcomer needs are `make run` and `make test`; nothing but Python 3.11 is expected on the machine.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin

.PHONY: run test lint audit lock clean

run: $(VENV)/.run ## Start the demonstration on PORT (8000 when unset), at the instant NOW (the present one when unset).
	$(BIN)/python -m gateway demo $(if $(NOW),--now $(NOW))

test: $(VENV)/.dev ## Everything, on SQLite and on a real PostgreSQL that the tests start themselves.
	$(BIN)/python -m pytest --backend sqlite -n 2
	$(BIN)/python -m pytest --backend postgres -n 2

lint: $(VENV)/.dev ## Style, types, the arrow.
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy gateway schema resolvers plugins tests
	$(BIN)/lint-imports

audit: ## npm's own GraphQL-over-HTTP audits against URL (needs node).
	cd tests/third_party && npm install --no-package-lock --silent && npm run --silent audit -- $(URL)

lock: $(VENV)/.dev ## Recompute the two lock files from pyproject.toml.
	$(BIN)/pip install --quiet pip-tools
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --output-file requirements.lock pyproject.toml
	$(BIN)/pip-compile --quiet --strip-extras --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-header --extra dev --output-file requirements-dev.lock pyproject.toml

clean:
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info[:2] == (3, 11) else "Python 3.11 is needed; found %d.%d. Set PYTHON=/path/to/python3.11." % sys.version_info[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements.lock $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements.lock
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/bin/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --requirement requirements-dev.lock
	touch $@ $(VENV)/.run
