# Every target sets up what is missing first; that takes a moment once and nothing afterwards.
PYTHON ?= python3
BIN := .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup demo test check faults lint bench clean

help:
	@echo "make setup   make .venv and fetch what the virtual device needs (no root, no SDK)"
	@echo "make demo    build the sample app, run it on the virtual device, print the verdicts"
	@echo "make test    linters, types and the test suite for every change"
	@echo "make check   the same with the long matrices"
	@echo "make faults  what tries to make it say a false pass, written to docs/faults.md"
	@echo "make bench   measurements, written to bench-results/"
	@echo "make clean   remove build products (not .venv, not the cache, no stored run)"

setup:
	@$(PYTHON) requirements/install.py

demo: setup
	@$(BIN)/leak-harness demo

lint: setup
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check --quiet .
	@$(BIN)/mypy
	@$(BIN)/python -m harness.virtual.toolchain node hooks/node_modules/typescript/bin/tsc --noEmit -p hooks/tsconfig.json

test: lint
	@LEAK_DEVICE_RERUNS=1 $(BIN)/python -m pytest -q -n 2 --dist loadgroup -m "not slow" --junitxml=test-results/junit.xml

check: lint
	@$(BIN)/python requirements/zoo.py
	@$(BIN)/python -m pytest -q -n 2 --dist loadgroup --junitxml=test-results/junit.xml

faults: setup
	@$(BIN)/python -m tests.faults

bench: setup
	@$(BIN)/python -m tests.bench

clean:
	rm -rf build dist *.egg-info test-results bench-results .pytest_cache .mypy_cache .ruff_cache .hypothesis
	find . -name __pycache__ -type d -not -path './.venv/*' -prune -exec rm -rf {} +
