# examroom: `make demo` to see it, `make test` to prove it, `make help` for the rest.

SHELL := /bin/bash
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
WEB := npm --prefix clients/web --silent run
ARGS ?=

.PHONY: help setup demo run test check fix docs bench soak clean

help: ## this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | awk -F'\t' '{printf "  make %-7s %s\n", $$1, $$2}'

setup: ## Python environment in .venv and the web client, only where something changed
	@scripts/setup.sh

demo: setup ## everything set up, then the hub on loopback with its demo cast: one link per person
	@exec $(BIN)/examroom demo $(ARGS)

run: setup ## the hub itself, on an empty store in ./data
	@exec $(BIN)/examroom serve $(ARGS)

test: setup ## every test: check, web client, Python, real browsers
	@scripts/real-parts.sh
	@$(MAKE) check
	@echo "· web client: vitest"
	@$(WEB) test
	@echo "· hub: pytest"
	@$(BIN)/python -m pytest -q $(ARGS)

check: setup ## style and types of Python and TypeScript
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { echo "✗ not formatted: run make fix"; exit 1; }
	@$(BIN)/mypy --no-error-summary
	@$(BIN)/python docs/generate.py --check
	@$(BIN)/python -m hub.wire.typescript --check
	@$(WEB) check
	@echo "· style and types: well"

fix: setup ## put style right where a machine can
	@$(BIN)/ruff check --quiet --fix .
	@$(BIN)/ruff format --quiet .

docs: setup ## write again what comes from the tables and types: pages, the client's types
	@$(BIN)/python docs/generate.py
	@$(BIN)/python -m hub.wire.typescript

bench: setup ## the figures of docs/performance.md against the peers, in one run
	@$(BIN)/python -m bench $(ARGS)

soak: setup ## the whole count of the durability rounds (long)
	@$(BIN)/python -m bench soak $(ARGS)

clean: ## take away what was built; data and demo data stay
	@rm -rf .venv clients/web/node_modules clients/web/dist hub/edge/client build dist *.egg-info
	@rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis artifacts
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
