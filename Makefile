# Everything the project needs is brought by these targets; nothing has to be installed by hand.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
CALLS ?= 0
# How many files of tests run at a time: they wait more than they compute.
WORKERS ?= 3
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Without bytecode a program takes twice as long to start, and the tests start hundreds.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-fast attack faults lint format lock wheel bench pbx clean
help: ## What there is to run
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 18

$(UV):
	@echo "Bringing uv $(UV_VERSION)"
	@python3 -m venv .cache/uv 2>/dev/null || { \
	  echo "python3 has no venv module; installing python3-venv"; \
	  if [ "$$(id -u)" = 0 ]; then apt-get update -qq && apt-get install -qq -y python3-venv; \
	  else sudo apt-get update -qq && sudo apt-get install -qq -y python3-venv; fi && \
	  python3 -m venv --clear .cache/uv; }
	@.cache/uv/bin/pip install -q uv==$(UV_VERSION)

$(VENV)/.ready: requirements-dev.txt pyproject.toml | $(UV)
	@test -x $(BIN)/python || $(UV) venv -q $(VENV)
	@$(UV) pip install -q --python $(BIN)/python --require-hashes -r requirements-dev.txt
	@$(UV) pip install -q --python $(BIN)/python --no-deps --no-build-isolation -e .
	@touch $@

demo: $(VENV)/.ready ## A call centre on this machine: robots, callers and a page (CALLS=20 ends after twenty)
	@$(BIN)/keskus demo --calls $(CALLS)

pbx: $(VENV)/.ready ## A sandbox Asterisk to play with
	@$(BIN)/keskus pbx up

test: $(VENV)/.ready ## Everything the tests need, and the tests
	@$(BIN)/python -m tests.provision
	@$(PYTEST) --ignore tests/faults --ignore tests/acceptance
	@$(BIN)/pytest -n 2 --dist load --maxschedchunk 1 tests/faults tests/acceptance

test-fast: $(VENV)/.ready ## The tests that need no PBX, browser, process or PostgreSQL, in about a minute
	@$(PYTEST) -m "not heavy"

attack: $(VENV)/.ready ## Do to the service what an attacker does, and print what came of it
	@$(BIN)/python -m tests.provision
	@ATTACK=full $(BIN)/pytest tests/attack

faults: $(VENV)/.ready ## Break everything under load, for half an hour, and judge by what callers saw
	@$(BIN)/python -m tests.provision
	@$(BIN)/python -m tests.faults

lint: $(VENV)/.ready ## ruff, mypy, import-linter
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports

format: $(VENV)/.ready ## Put the code into shape
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel: $(VENV)/.ready ## The package for a server, and its libraries with their hashes, in dist/
	@rm -rf dist
	@$(BIN)/hatchling build -t wheel -d dist > /dev/null
	@cp requirements.txt dist/ && ls dist/

bench: $(VENV)/.ready ## Figures, each beside its reference
	@$(BIN)/python -m bench

lock: | $(UV) ## Renew the hashed requirements
	@$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Take away what the targets made here
	@rm -rf $(VENV) .cache .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
