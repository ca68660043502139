# One way in. Needs Python 3.11 or newer and make; everything else comes from the two hashed locks into .venv.
# ARGS="..." is passed on to the command of demo, up, test, keycloak, matrix, bench and faults.

SHELL := /bin/sh
.DEFAULT_GOAL := help
.SUFFIXES:

BIN := .venv/bin
READY := .venv/.ready
MEMBERS := $(wildcard libs/*/pyproject.toml services/*/pyproject.toml)
CHECKS := check-style check-types check-imports check-schema check-rules

unexport VIRTUAL_ENV PYTHONHOME PYTHONPATH

.PHONY: help demo up test keycloak check bench bench-people weight evaluate faults matrix lock schema format frontend $(CHECKS)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-8s %s\n", $$1, $$2 }' Makefile

demo: $(READY) ## Play the story on a real broker and database, and check what comes out
	@$(BIN)/icart demo $(ARGS)

up: $(READY) ## Start broker, database and all services in the foreground; Ctrl-C stops them
	@$(BIN)/icart up $(ARGS)

test: $(READY) ## Run every test, three at a time (starts Kafka and PostgreSQL on loopback when it needs them)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ARGS)

keycloak: $(READY) ## Sign in by a real Keycloak too (fetched once, 160 MB), with the tests that sign in by the try-out's own
	@$(BIN)/python -m pytest -m keycloak services/gateway $(ARGS)

check: $(CHECKS) ## Style, types, import contracts, schema gate, rules of the house (no broker)

evaluate: $(READY) ## How well people are matched, with splink beside it (installs tools/evaluation.lock the first time)
	@$(BIN)/python -m tools.evaluation
	@$(BIN)/icart match evaluate $(ARGS)

bench: $(READY) ## Measure the speed targets; writes build/bench.json
	@$(BIN)/python tests/bench/run.py $(ARGS)

bench-people: $(READY) ## Measure matching among many known people; ARGS="--sizes 10000,1000000,3000000,12000000" takes hours
	@$(BIN)/python tests/bench/people.py $(ARGS)

weight: $(READY) ## What the gateway's pages weigh as they are sent; writes build/weight.json
	@$(BIN)/python tests/bench/weight.py $(ARGS)

faults: $(READY) ## Kill, restart and flood it; writes build/faults.json
	@$(BIN)/python tests/faults/run.py $(ARGS)

matrix: $(READY) ## Which test proves which rule of docs/requirements.md, and which rules nothing proves
	@$(BIN)/python -m tools.matrix $(ARGS)

schema: $(READY) ## Write the JSON Schemas, the AsyncAPI document, the pictures of lives, the rights and the realm again
	@$(BIN)/icart schema write
	@$(BIN)/icart policy draw --write docs/lives
	@$(BIN)/icart policy rights --write docs/rights.md
	@$(BIN)/python deploy/keycloak/make_realm.py

format: $(READY) ## Put the code into the one format
	@$(BIN)/ruff check --fix --quiet . ; $(BIN)/ruff format .

frontend: ## Build the pages' style and script (needs Node; what it makes is committed)
	@cd services/gateway/frontend && npm ci --silent && node build.mjs

lock: $(READY) ## Resolve the dependencies again and write requirements.lock and tools/bootstrap.lock
	@$(BIN)/uv lock --quiet --python $(BIN)/python
	@$(BIN)/uv export --quiet --python $(BIN)/python --all-packages --all-extras --all-groups \
	    --no-emit-workspace --no-header --output-file requirements.lock
	@$(BIN)/uv pip compile --quiet --python $(BIN)/python --generate-hashes --no-header --no-annotate \
	    tools/bootstrap.in --output-file tools/bootstrap.lock
	@$(BIN)/uv pip compile --quiet --python $(BIN)/python --generate-hashes --no-header --no-annotate \
	    --constraints requirements.lock tools/evaluation.in --output-file tools/evaluation.lock

check-style: $(READY)
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .

check-types: $(READY)
	@$(BIN)/mypy libs services tests tools deploy conftest.py

check-imports: $(READY)
	@$(BIN)/lint-imports

check-schema: $(READY)
	@$(BIN)/icart schema check
	@$(BIN)/icart policy draw --check docs/lives
	@$(BIN)/icart policy rights --check docs/rights.md

check-rules: $(READY)
	@$(BIN)/python -m tools.house_rules

# Built again when a lock or a member's settings change, and when the folder has been moved: the commands in
# .venv/bin name their interpreter by its full path.
ifneq ($(shell cat .venv/.place 2>/dev/null),$(CURDIR))
.PHONY: $(READY)
endif
$(READY): requirements.lock tools/bootstrap.lock tools/bootstrap.sh $(MEMBERS)
	@echo "Building .venv (minutes the first time, seconds after)" >&2
	@PYTHON='$(PYTHON)' sh tools/bootstrap.sh
