# These targets fetch everything the project needs; nothing has to be installed by hand.
SHELL := /bin/bash
VENV := .venv
BIN := $(VENV)/bin
UV_VERSION := 0.13.9
UV := $(shell command -v uv 2>/dev/null || echo .cache/uv/bin/uv)
CALLS ?= 0
# How many test files run at a time; tests wait more than they compute. What only computes runs beside them.
WORKERS ?= 3
PYTEST := $(BIN)/pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder
# Without bytecode a program takes twice as long to start, and the tests start hundreds of programs.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help web demo test test-fast attack faults lint format lock wheel bench pbx clean
help: ## Show these targets
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

web: $(VENV)/.ready ## Build the desktop, with Node of this machine or one that is brought
	@$(BIN)/python web/build.py

demo: web ## Run a call centre here: robot operators, callers and a page (CALLS=20 ends after 20 calls)
	@$(BIN)/keskus demo --calls $(CALLS)

pbx: $(VENV)/.ready ## Start a sandbox Asterisk to try things on
	@$(BIN)/keskus pbx up

test: web ## Fetch everything the tests need, and run all tests
	@$(BIN)/python web/build.py test
	@$(BIN)/python -m tests.provision
	@mkdir -p .cache; \
	nice -n 19 $(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder -m computing --timeout 1800 > .cache/computing.txt 2>&1 & computing=$$!; \
	trap "kill $$computing 2> /dev/null" EXIT; \
	$(PYTEST) -m "not computing" --ignore tests/faults --ignore tests/acceptance \
	&& $(BIN)/pytest -n 2 --dist load --maxschedchunk 1 tests/faults tests/acceptance; others=$$?; \
	wait $$computing; computed=$$?; cat .cache/computing.txt; exit $$((others | computed))

test-fast: $(VENV)/.ready ## Run the tests that need no PBX, browser, process or PostgreSQL: about a minute
	@$(PYTEST) -m "not heavy"

attack: $(VENV)/.ready ## Attack the service as an attacker would, and print the results
	@$(BIN)/python -m tests.provision
	@ATTACK=full $(BIN)/pytest tests/attack

faults: $(VENV)/.ready ## Break every part under load for half an hour, and judge by what the callers saw
	@$(BIN)/python -m tests.provision
	@$(BIN)/python -m tests.faults

lint: $(VENV)/.ready ## Run ruff, mypy and import-linter; tsc, eslint and size-limit for the desktop
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/mypy web/build.py
	@$(BIN)/lint-imports
	@$(BIN)/python web/build.py check

format: $(VENV)/.ready ## Format the code with ruff
	@$(BIN)/ruff check --fix .
	@$(BIN)/ruff format .

wheel: web ## Build the package for a server into dist/, with the hashed list of its libraries
	@rm -rf dist
	@$(BIN)/hatchling build -t wheel -d dist > /dev/null
	@cp requirements.txt dist/ && ls dist/

bench: $(VENV)/.ready ## Run the benches: each figure beside its reference
	@$(BIN)/python -m bench

lock: | $(UV) ## Renew the hashed requirements files
	@$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -c requirements.txt -o requirements-dev.txt
	@$(UV) pip compile -q --universal --generate-hashes --no-emit-index-url --no-header --only-group node pyproject.toml -o requirements-node.txt

clean: ## Remove what the targets made here
	@rm -rf $(VENV) .cache web/node_modules app/service/desktop/built .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist *.egg-info
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
