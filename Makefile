# Everything runs from .venv, with the versions of uv.lock. Only Python 3.11 or later, make and git are needed.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUN := $(VENV)/.synced-to-run
STAMP := $(VENV)/.synced
WORKERS ?= 2
KILLS ?= 50

.PHONY: help setup demo check format test chaos bench screenshots rules clean
.DEFAULT_GOAL := help

help:
	@echo "make demo         the bot and its stand-ins on this machine; prints the page's address"
	@echo "make test         every test that needs no root"
	@echo "make check        formatting, lint, types, import contracts, lock file"
	@echo "make chaos        kill -9 the bot, KILLS=$(KILLS) times (make chaos KILLS=1000; SEED=n repeats a course)"
	@echo "make bench        the figures of docs/performance.md"
	@echo "make rules        manifests/prometheus/opsbot-rules.yaml, made anew from the shipped guide"
	@echo "make screenshots  the pictures of docs/screenshots, taken in Chromium"

setup: $(STAMP)

# What only tests and checks need (a browser's driver among it) is left out of what `make demo` waits for.
$(STAMP): $(RUN)
	@$(BIN)/uv sync --frozen --inexact --compile-bytecode --quiet
	@touch $@

$(RUN): pyproject.toml uv.lock
	@$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if v >= (3, 11) else "opsbot needs Python 3.11 or later; this is %d.%d. Set PYTHON=python3.11, say." % v[:2])'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	  echo "Python lacks venv or pip; on Debian and Ubuntu: apt-get install python3-venv" >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || { rm -rf $(VENV); \
	  echo "Python lacks pip; on Debian and Ubuntu: apt-get install python3-venv python3-pip" >&2; exit 1; }
	@test -x $(BIN)/uv || $(BIN)/python -m pip install --quiet --disable-pip-version-check 'uv>=0.9,<1'
	@$(BIN)/uv sync --frozen --inexact --no-dev --compile-bytecode --quiet
	@touch $@

demo: $(RUN)
	@$(BIN)/opsbot sandbox

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/uv lock --check

format: $(STAMP)
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

test: $(STAMP)
	$(BIN)/pytest -n $(WORKERS) --dist worksteal

chaos: $(STAMP)
	KILLS=$(KILLS) $(BIN)/pytest -n 2 -m chaos tests/scenarios/test_chaos.py # a process a database

bench: $(STAMP)
	$(BIN)/python -m tests.bench

screenshots: $(STAMP)
	$(BIN)/python -m tests.browser.screenshots

rules: $(STAMP)
	env -u OPSBOT_GUIDE $(BIN)/opsbot guide rules > manifests/prometheus/opsbot-rules.yaml.new
	mv manifests/prometheus/opsbot-rules.yaml.new manifests/prometheus/opsbot-rules.yaml

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist
