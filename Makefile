# Two commands matter: `make demo` shows the whole journey on this machine, `make test` proves it.
# Needed: Python >= 3.11, make, a C compiler. Everything else comes from the lock files into .venv.

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
BIN := .venv/bin
ONCE ?=
PYTEST_ARGS ?=
# One more than two cores: a test that waits for a server leaves its core to another.
TEST_PROCESSES ?= 3

export PIP_DISABLE_PIP_VERSION_CHECK := 1
# Each of our processes would compile all of our modules again: 2 of the 5 CPU s that one takes to start.
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo up test test-stores judges check bench bench-reading bench-search samples docs setup setup-dev lock clean
.DEFAULT_GOAL := help

help: ## Show what there is
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | \
		while IFS="$$(printf '\t')" read -r name text; do printf '  make %-13s %s\n' "$$name" "$$text"; done

setup: .venv/.run ## Make .venv from the lock file

setup-dev: .venv/.dev

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo 'Python 3.11 or newer is needed / 需要 Python 3.11 或更新版本' >&2; exit 1; }
	$(PYTHON) -m venv .venv || { rm -rf .venv; \
		echo 'Python has no venv module: on Debian, apt-get install python3-venv / 缺少 venv 模块' >&2; exit 1; }

.venv/.run: requirements.txt pyproject.toml | .venv/bin/python
	@echo 'Installing into .venv, about a minute / 正在安装到 .venv，约一分钟…'
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements.txt
	$(BIN)/python -m pip install --quiet --no-build-isolation --no-deps -e .
	@touch $@

.venv/.dev: requirements-dev.txt .venv/.run
	$(BIN)/python -m pip install --quiet --require-hashes --no-deps -r requirements-dev.txt
	@touch $@

demo: .venv/.run ## Start everything here, drop the samples, show what became of each (ONCE=1: stop when settled)
	$(BIN)/fuwen demo $(if $(ONCE),--once)

up: .venv/.run ## The same stack for real use on one machine
	$(BIN)/fuwen up

test: .venv/.dev ## All tests (PYTEST_ARGS='-k word' for some)
	$(BIN)/python -m pytest --numprocesses $(TEST_PROCESSES) $(PYTEST_ARGS)

test-stores: .venv/.dev ## The store tests again on Ceph RGW and Swift, and the services of the compose file (Debian packages)
	PATH="$(CURDIR)/$(BIN):$$PATH" tests/real_s3/run

judges: .venv/.dev ## Pages and feeds before judges that were not written here (pages: needs Chromium, npm)
	tests/judges/run_feeds
	tests/judges/run

check: .venv/.dev ## Format, lint, types, import contract
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

bench: .venv/.dev ## What it costs: seconds, documents per second, milliseconds by step
	$(BIN)/python -m benchmarks

bench-reading: .venv/.dev ## How well letters are read, beside other readers (needs Debian's libreoffice-writer-nogui, chromium, fonts)
	$(BIN)/python -m benchmarks.reading_quality

bench-search: .venv/.dev ## What full-text search costs and finds, at 20,000 and 100,000 letters (a quarter of an hour)
	$(BIN)/python -m benchmarks search

samples: .venv/.dev ## Make the sample letters again
	$(BIN)/python -m samples.make

docs: .venv/.dev ## Write the pages of finding codes again from the registry
	$(BIN)/python -X utf8 -c 'from domain.gate.rejection_page import *; print(rejection_page("zh-CN"), end="")' > docs/rejections.md
	$(BIN)/python -X utf8 -c 'from domain.gate.rejection_page import *; print(rejection_page("en"), end="")' > docs/rejections.en.md

lock: ## Compile the lock files again (needs uv)
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		pyproject.toml --group setup -o requirements.txt
	uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --python-version 3.11 \
		pyproject.toml --group setup --group dev -c requirements.txt -o requirements-dev.txt

clean: ## Remove .venv and all data of the embedded store
	rm -rf .venv .fuwen
