.DEFAULT_GOAL := help
SHELL := /bin/sh
PYTHON ?= python3
UV := .local/uv/bin/uv
PY := .venv/bin/python
ROWS ?=
SEED ?= 42
OUT ?= data/generated
PARTS ?=
DIRT ?=
IN ?=
BACKEND ?=
PORT ?=
PROJECT ?=
FROM ?=
ENGINE ?=
ROUNDS ?= 1
RESULTS ?= benchmarks/results
of_project = $(if $(PROJECT),--project "$(PROJECT)")
PART ?=

.PHONY: help
help: ## Show this list
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## / {printf "  \033[36m%-15s\033[0m %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(UV): requirements/uv.txt
	@command -v $(PYTHON) >/dev/null || { echo "python3 is missing: install Python 3 with venv, or name one with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .local/uv
	.local/uv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements/uv.txt
	@touch $@

.venv/.ready: $(UV) requirements/dev.txt pyproject.toml
	$(UV) venv --quiet --allow-existing --python 3.11 .venv
	$(UV) pip sync --quiet --require-hashes --python .venv requirements/dev.txt
	$(UV) pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
	@touch $@

.local/venvs/%/.ready: $(UV) requirements/%.txt
	$(UV) venv --quiet --allow-existing --python 3.11 .local/venvs/$*
	$(UV) pip sync --quiet --require-hashes --python .local/venvs/$* requirements/$*.txt
	@touch $@

.PHONY: setup
setup: .venv/.ready .local/venvs/emulator/.ready ## Install everything into .venv and .local

.PHONY: up
up: setup ## Run the whole pipeline here [PROJECT=dir] [BACKEND=embedded|localstack] [ENGINE=…] [ROWS=n] [PORT=n]
	@$(PY) -m local up $(of_project) $(if $(BACKEND),--backend $(BACKEND)) \
		$(if $(ENGINE),--engine $(ENGINE)) $(if $(ROWS),--rows $(ROWS)) $(if $(PORT),--port $(PORT))

.PHONY: down
down: setup ## Stop it; data and state are kept [PROJECT=dir]
	@$(PY) -m local down $(of_project)

.PHONY: clean
clean: setup ## Stop it and remove its data and state [PROJECT=dir]
	@$(PY) -m local clean $(of_project)

.PHONY: logs
logs: setup ## Follow the logs of the emulator, the Lambdas and the jobs
	@$(PY) -m local logs $(of_project)

.PHONY: shell
shell: setup .local/venvs/awslocal/.ready ## Open a shell with .local/env, lakegate and awslocal
	@$(PY) -m local shell $(of_project)

.PHONY: generate-data
generate-data: setup ## Write users, events and orders [ROWS=n] [SEED=n] [OUT=dir] [PARTS=n] [DIRT=share]
	@$(PY) scripts/generate_data.py --seed $(SEED) --out $(OUT) $(if $(ROWS),--rows $(ROWS)) \
		$(if $(PARTS),--parts $(PARTS)) $(if $(DIRT),--dirt $(DIRT))

.PHONY: preview
preview: setup ## Run a project's SQL on DuckDB over files [PROJECT=dir] [IN=dir]
	@$(PY) -m lakegate.cli.main preview $(if $(PROJECT),"$(PROJECT)") $(if $(IN),--in "$(IN)")

.PHONY: new
new: setup ## Write a project from data files PROJECT=folder FROM=folder-or-files
	@$(PY) -m lakegate.cli.main new "$(PROJECT)" --from "$(FROM)"

.PHONY: sql
sql: setup ## Print all SQL that runs [PROJECT=folder] [ENGINE=spark|duckdb]
	@$(PY) -m lakegate.cli.main sql $(if $(PROJECT),"$(PROJECT)") $(if $(ENGINE),--engine "$(ENGINE)")

.PHONY: test-project
test-project: setup ## Run a project's cases on DuckDB [PROJECT=folder]
	@$(PY) -m lakegate.cli.main test $(if $(PROJECT),"$(PROJECT)")

.PHONY: build
build: setup ## Write all that is deployed into build/ [PROJECT=dir] [ENGINE=spark|duckdb|auto]
	@$(PY) scripts/build.py $(of_project) $(if $(ENGINE),--engine $(ENGINE))

.PHONY: check
check: setup ## Lint, format, types, imports, SQL and Terraform style; edits nothing
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	@PYTHONPATH=src:. .venv/bin/lint-imports --no-logo --no-cache
	$(PY) -m sqlfluff lint --disable-progress-bar src/glue_jobs/sql
	$(PY) -m local.tools.terraform fmt -check -recursive terraform examples/terraform

.PHONY: format
format: setup ## Rewrite Python and Terraform in house style
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(PY) -m local.tools.terraform fmt -recursive terraform examples/terraform

.PHONY: test-unit
test-unit: setup ## Tests that need neither Spark nor an emulator
	@$(PY) -m pytest -q -n auto --dist worksteal tests/unit tests/test_repo.py

# What runs at the same time in `make test`: stacks wait more than they work, and what takes all cores
# begins when one of the others has ended. A make before 4.0 has no --output-sync: one by one.
beside = $(if $(filter output-sync,$(.FEATURES)),--jobs=3 --output-sync=line)

.PHONY: test
test: test-unit ## All tests on one machine [BACKEND=embedded|localstack]
	@echo "Spark, shared stack, own stacks, engines: each prints its dots when it has ended, in minutes"
	@$(MAKE) --no-print-directory $(beside) \
		tests-of-spark tests-of-shared-stack tests-of-own-stacks tests-of-engines

tests-of-engines: setup
	@$(PY) -m pytest -q -n auto --dist worksteal tests/duckdb tests/examples tests/faults

tests-of-spark: setup
	@$(PY) -m pytest -q tests/spark tests/compose tests/ui

tests-of-shared-stack: setup
	@BACKEND=$(BACKEND) $(PY) -m pytest -q tests/integration --ignore=tests/integration/own

tests-of-own-stacks: setup
	@BACKEND=$(BACKEND) $(PY) -m pytest -q tests/integration/own

.PHONY: test-iam
test-iam: setup ## Run the flow under the deployed roles; each statement taken away must break it
	@$(PY) -m pytest -q -s tests/iam

.PHONY: test-spark4
test-spark4: setup .local/venvs/spark4/.ready ## The job's tests on Spark 4.1, the Spark of Glue 6.0
	@PYTHONPATH=src:. .local/venvs/spark4/bin/python -m pytest -q tests/spark

.PHONY: test-thorough
test-thorough: setup .local/venvs/scan/.ready .local/venvs/mutants/.ready ## Long profiles, all interleavings, fuzzing, mutants, audit [PART=name]
	@$(PY) scripts/thorough.py $(PART)

.PHONY: test-terraform
test-terraform: setup .local/venvs/scan/.ready ## terraform test, validate and policy scans
	@$(PY) -m pytest -q tests/terraform

.PHONY: docs
docs: setup .local/venvs/docs/.ready ## Build the documentation site into build/site; any warning fails
	@NO_MKDOCS_2_WARNING=1 .local/venvs/docs/bin/python -m mkdocs build --strict
	@echo build/site/index.html

.PHONY: bench
bench: setup ## Measure all that benchmarks/README.md lists, and draw it [ROWS=n] [ROUNDS=n] [RESULTS=dir]
	@mkdir -p $(RESULTS)
	@$(PY) -m benchmarks.generator --repeats 2 --out $(RESULTS)/generator.json
	@for rows in $(or $(ROWS),100000 1000000 3000000 10000000); do \
		folder=data/generated/bench-$$rows; \
		$(PY) scripts/generate_data.py --seed $(SEED) --rows $$rows --out $$folder || exit 1; \
		test $$rows -gt 3000000 || $(PY) -m benchmarks.harness.layouts $$folder || exit 1; \
		$(PY) -m benchmarks.job compare $$folder --rounds $(ROUNDS) --limit 600 \
			--out $(RESULTS)/job.json || exit 1; done
	@$(PY) -m benchmarks.cost.calls --out $(RESULTS)/calls.json
	@$(PY) -m benchmarks.validator --repeats 2 --out $(RESULTS)/validator.json
	@$(PY) -m benchmarks.conversion --repeats 1 --out $(RESULTS)/conversion.json
	@$(PY) -m benchmarks.latency --repeats 5 --out $(RESULTS)/latency.json
	@$(PY) -m benchmarks.make_up --rounds 2 --out $(RESULTS)/make_up.json
	@$(PY) -m benchmarks.tables $(RESULTS)
	@$(PY) -m benchmarks.plot $(RESULTS)

.PHONY: lock
lock: $(UV) ## Pin every requirements/*.in again, with hashes
	@for name in uv dev mutants spark emulator scan awslocal spark4 java jars terraform docs duckdb; do \
		$(UV) pip compile --quiet --generate-hashes --universal --python-version 3.11 --no-header \
			--no-emit-index-url requirements/$$name.in --output-file requirements/$$name.txt || exit 1; done
