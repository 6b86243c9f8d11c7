# `make demo` and `make test` set everything up by themselves, once. See README.md.
VENV ?= .venv
RUN := $(VENV)/bin

.PHONY: help setup demo test check promise-year bench lock clean

help: ## what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

$(VENV)/.installed: requirements/dev.txt pyproject.toml tools/setup.sh
	@tools/setup.sh $(VENV)

setup: $(VENV)/.installed ## the virtual environment, with pinned dependencies

demo: $(VENV)/.installed ## broken tickets are cured on a Zendesk on this machine; KEEP=1 leaves it running
	@exec $(RUN)/ronda demo $(if $(KEEP),--keep,)

check: $(VENV)/.installed ## lint, types, layers, packs and their scenarios
	$(RUN)/ruff check .
	$(RUN)/ruff format --check .
	$(RUN)/mypy
	$(RUN)/lint-imports
	$(RUN)/ronda check config/packs/*.yaml
	$(RUN)/ronda test config/packs/tests/*.yaml

test: check ## all checks, then all tests
	$(RUN)/pytest -n 2 --cov --cov-report=term-missing:skip-covered

promise-year: $(VENV)/.installed ## a year of the 48-hour promise: 500 tickets, a service that is killed; some 20 minutes
	$(RUN)/python -m tests.simulation $(if $(SEED),--seed $(SEED),)

bench: $(VENV)/.installed ## figures, all from one run
	$(RUN)/python -m benchmarks

lock: $(VENV)/.installed ## pin the dependencies anew, with hashes
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q pyproject.toml -o requirements/runtime.txt
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q pyproject.toml --group dev -o requirements/dev.txt
	$(RUN)/uv pip compile --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --upgrade -q requirements/c7n.in -o requirements/c7n.txt

clean: ## everything that can be made again
	rm -rf $(VENV) .venv-c7n dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache .coverage
