# Two commands matter: `make demo` and `make test`. Both set up what they need.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
WORKERS ?= 2

.DEFAULT_GOAL := help
.PHONY: help setup demo test check format lint types imports notebooks bench neo4j docs site lock clean

help: ## say what there is
	@grep -hE '^[a-z0-9]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

$(VENV)/.run: requirements/run.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(None if (3, 11) <= sys.version_info < (3, 14) else "ringscope needs Python 3.11, 3.12 or 3.13; set PYTHON=python3.12 or the like")'
	@echo 'installing pinned packages into $(VENV); once'
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/run.lock
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/build.lock
	@$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.lock
	@echo 'installing what the tests need; once'
	@$(BIN)/python -m pip install --quiet --require-hashes -r requirements/dev.lock
	@touch $@

setup: $(VENV)/.dev ## install into .venv, pinned with hashes

demo: $(VENV)/.run ## make a small marketplace, investigate it, say where the pages are
	$(BIN)/ringscope demo --out demo

test: $(VENV)/.dev check ## everything: format, lint, types, import contracts, all suites
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup

check: $(VENV)/.dev lint types imports ## format, lint, types, import contracts

format: $(VENV)/.dev ## rewrite the files in the house format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lint: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .

types: $(VENV)/.dev
	$(BIN)/mypy

imports: $(VENV)/.dev
	$(BIN)/lint-imports

notebooks: $(VENV)/.dev ## run the notebooks in place; the fifth needs Java and Maven, or NEO4J_URI
	$(BIN)/python -m notebooks.run

bench: $(VENV)/.dev ## measure; prints tables for docs/benchmarks.md
	$(BIN)/python -m tests.bench

neo4j: $(VENV)/.dev ## start the Neo4j server that the tests use (Java 17 and Maven)
	$(BIN)/python -m tests.neo4j_server

site: $(VENV)/.dev ## build the documentation as a site: build/site/index.html
	$(BIN)/python docs/site.py build/site-pages
	NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet --config-file build/mkdocs.yml

docs: $(VENV)/.dev ## write the pages that repeat the code: commands, settings, API, graph, queries, tutorial
	$(BIN)/python docs/generate.py
	$(BIN)/python -m toolkit.graph.pages docs
	rm -rf build/docs-demo
	$(BIN)/ringscope demo --out build/docs-demo/demo --quiet
	$(BIN)/python docs/excerpt.py build/docs-demo/demo/case
	$(BIN)/python docs/tutorial.py build/docs-demo

lock: ## pin anew what the lock files hold (needs uv)
	uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements/run.lock
	uv pip compile requirements/build.in --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -o requirements/build.lock
	uv pip compile pyproject.toml --group dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links --no-header -c requirements/run.lock -c requirements/build.lock -o requirements/dev.lock

clean: ## remove what make made
	rm -rf $(VENV) demo build dist .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .neo4j
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
