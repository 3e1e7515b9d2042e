# `make demo` runs the store, `make test` proves it. Needs Python 3.11 or newer and make; everything else is installed
# into .venv, frontend/node_modules and .local.

SHELL := /bin/sh
PYTHON ?= $(shell for name in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	command -v $$name >/dev/null 2>&1 && \
	$$name -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$name && break; done)
PY := .venv/bin/python
MAKEFLAGS += --no-print-directory

.PHONY: help demo learn stop setup test check lint format lighthouse clean python

help:
	@echo "make demo     the store with a demo catalogue, at http://localhost:8000 (PORT=8001 for another port)"
	@echo "make learn    watch the store learn from simulated shoppers, in minutes (ARGS='--sessions 1000')"
	@echo "make stop     stop what a demo left running, the database included"
	@echo "make test     every test: storefront, browser, Python"
	@echo "make check    the quick loop: lint, types, tests under two minutes"
	@echo "make lint     ruff, mypy, ESLint"
	@echo "make lighthouse   measure the built store as on a phone (BASE_URL=http://… for one that runs)"
	@echo "make setup    install everything, for development too"
	@echo "make clean    remove what was installed, built and stored; the demo's data too"

python:
	@test -n "$(PYTHON)" || { echo "Pocketshop needs Python 3.11 or newer; none was found (PYTHON=/path/to/python3 names one)." >&2; exit 1; }

demo: python
	@"$(PYTHON)" shop/bootstrap.py
	@exec $(PY) manage.py demo $(if $(PORT),--port $(PORT))

learn: python
	@"$(PYTHON)" shop/bootstrap.py --without-storefront
	@exec $(PY) manage.py learn $(ARGS)

stop:
	@if test -x $(PY); then $(PY) manage.py demo --stop; fi

setup: python
	@"$(PYTHON)" shop/bootstrap.py --development

test: setup
	@$(PY) shop/bootstrap.py --development --npm test
	@$(PY) shop/bootstrap.py --development --browser-tests
	@$(PY) -m pytest -n 2

check: setup lint
	@$(PY) -m pytest -n 2 -m "not slow" --reuse-db

lint: setup
	@$(PY) -m ruff check .
	@$(PY) -m mypy
	@$(PY) shop/bootstrap.py --development --npm run --silent lint

lighthouse: setup
	@$(PY) shop/bootstrap.py --development --lighthouse

format: setup
	@$(PY) -m ruff check --fix-only .

clean: stop
	rm -rf .venv .local frontend/node_modules frontend/dist frontend/test-results .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
