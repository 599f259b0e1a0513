# Every command there is. Needs Python 3.11+, git and make; everything else is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin
GENERATED := tests/api/test_schemathesis.py

.PHONY: help demo test generated check format lint types contracts migrations released openapi bench crash race lock clean

help: ## this list
	@awk -F':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

.venv/base: requirements/base.txt requirements/build.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed: make PYTHON=python3.x" if sys.version_info < (3, 11) else 0)'
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@echo "Installing pinned dependencies …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/build.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/base.txt
	@$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: requirements/dev.txt .venv/base
	@echo "Installing pinned development tools …"
	@$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

demo: .venv/base ## book, move and show everything that follows; then keep serving
	@$(BIN)/slotkeeper demo

test: .venv/dev ## every test, in parallel
	@sh requirements/browser.sh
	@$(BIN)/pytest -n $${TEST_PROCESSES:-auto} --ignore $(GENERATED)
	@$(MAKE) --no-print-directory generated

generated: .venv/dev ## of these only requests generated from the OpenAPI document, against a server
	@set -e; for shard in 0 1; do SCHEMATHESIS_SHARD=$$shard/2 $(BIN)/pytest -n 0 $(GENERATED) & running="$$running $$!"; done; \
	for each in $$running; do wait $$each; done

check: format lint types contracts migrations released ## everything that CI checks beside the tests

format: .venv/dev
	@$(BIN)/ruff format --check .

lint: .venv/dev
	@$(BIN)/ruff check .

types: .venv/dev
	@$(BIN)/mypy

contracts: .venv/dev
	@$(BIN)/lint-imports

migrations: .venv/dev
	@$(BIN)/python -m tests.check_migrations

released: .venv/dev
	@$(BIN)/python -m tests.contract

openapi: .venv/dev ## bring docs/openapi.json up to date; BREAKING=--breaking also where clients would break
	@$(BIN)/python -m tests.contract --write $(BREAKING)

bench: .venv/dev ## every benchmark beside its floor
	@$(BIN)/python -m benchmarks

crash: .venv/dev ## kill -9 the server and the worker 200 times under load, then look for what was lost
	@$(BIN)/python -m tests.crash --kills 200

race: .venv/dev ## move 100 appointments into one free slot at once, ten rounds, against one and two servers
	@$(BIN)/python -m tests.race

lock: .venv/dev ## pin the newest versions that pyproject.toml allows
	@sh requirements/lock.sh

clean: ## remove what these commands made
	rm -rf .venv .data .mypy_cache .pytest_cache .ruff_cache .import_linter_cache
