.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3.11
UV := .local/uv/bin/uv
VENV := .venv/bin
ROWS ?=
SEED ?= 42
OUT ?= data/generated
BACKEND ?=

export PATH := $(CURDIR)/.venv/bin:$(PATH)

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  \033[36m%-15s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV): requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "$(PYTHON) is missing: install Python 3.11, or name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .local/uv
	.local/uv/bin/pip install --quiet --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.ready: $(UV) requirements/dev.txt pyproject.toml
	$(UV) venv --quiet --allow-existing --python $(PYTHON) .venv
	$(UV) pip sync --quiet --require-hashes --python .venv requirements/dev.txt
	$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.PHONY: setup
setup: .venv/.ready ## Install everything into .venv and .local

.PHONY: lock
lock: $(UV) ## Pin every requirements/*.in again, with hashes
	@for name in uv dev emulator scan awslocal spark4; do \
		$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
			--no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done
