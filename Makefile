# Everything that is done with this collection, in one place. `make help` lists it.

ENV ?= staging
STACK ?= whatsmeow
EMULATOR_PORT ?= 5017
PYTHON ?= python3

VENV := .venv
BIN := $(VENV)/bin
# Nothing of the user's own AWS configuration gets into what runs on the embedded AWS.
ON_EMULATOR := env -i HOME="$(HOME)" PATH="$(CURDIR)/$(BIN):$(PATH)" TERM="$(TERM)" LANG=C.UTF-8 sh -c '. .emulator/env.sh && "$$@"' --

.PHONY: help
help: ## List what can be made
	@sed -n 's/^\([a-z-]*\):.*## /  make \1 — /p' $(MAKEFILE_LIST)
	@echo "Variables: ENV=$(ENV) STACK=$(STACK) EMULATOR_PORT=$(EMULATOR_PORT)"

$(BIN)/.run: requirements/run.in requirements/emulator.in requirements/constraints.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -r requirements/run.in -r requirements/emulator.in
	@touch $@

$(BIN)/.test: $(BIN)/.run requirements/test.in
	$(BIN)/pip install --quiet --disable-pip-version-check -c requirements/constraints.txt -r requirements/test.in
	@touch $@

.PHONY: venv
venv: $(BIN)/.run ## Make the virtual environment with what the playbooks need

.PHONY: emulator
emulator: venv ## Start the embedded AWS in the background and write .emulator/env.sh
	@$(BIN)/python -m tests.emulator.background start --port $(EMULATOR_PORT)

.PHONY: emulator-stop
emulator-stop: ## Stop the embedded AWS
	@test ! -x $(BIN)/python || $(BIN)/python -m tests.emulator.background stop

.PHONY: demo
demo: emulator ## Build a stack on the embedded AWS: ENV=production STACK=whatsmeow
	@$(ON_EMULATOR) ansible-playbook site.yml -i inventories/$(ENV) --limit $(STACK)
	@$(ON_EMULATOR) ansible-playbook playbooks/outputs.yml -i inventories/$(ENV) --limit $(STACK)
	@echo
	@echo "What to try next, after:  . .emulator/env.sh"
	@echo "  make demo                                                      again: nothing changes"
	@echo "  $(BIN)/ansible-playbook site.yml -i inventories/$(ENV) --limit $(STACK) --check --diff    a dry run"
	@echo "  $(BIN)/ansible-playbook playbooks/outputs.yml -i inventories/$(ENV) --limit $(STACK) -e output=alb_dns_name"
	@echo "  $(BIN)/ansible-playbook playbooks/destroy.yml -i inventories/$(ENV) --limit $(STACK) -e confirm=$(STACK)-$(ENV)"
	@echo "  make emulator-stop                                             when you are done"

.PHONY: lint
lint: $(BIN)/.test ## Check style, types, documentation, changelog and the roles' specs
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/ansible-lint --offline --profile production
	# What is in the virtual environment is no part of this repository, and not ignored by it either.
	GIT_CEILING_DIRECTORIES="$(CURDIR)/$(VENV)" PATH="$(CURDIR)/$(BIN):$$PATH" $(BIN)/antsibull-docs lint-collection-docs --plugin-docs --validate-collection-refs self .
	$(BIN)/antsibull-changelog lint

.PHONY: unit
unit: $(BIN)/.test ## Run the unit tests: pure functions, no AWS
	$(BIN)/python -m pytest tests/unit

.PHONY: contract
contract: $(BIN)/.test ## Run unit tests, modules and the embedded AWS in processes of ours; coverage of the plugins
	$(BIN)/python -m pytest -n 2 tests/unit tests/contract tests/emulator/tests \
	    --cov=plugins --cov-report=term:skip-covered --cov-fail-under=90

.PHONY: integration
integration: $(BIN)/.test ## Build, change, kill and destroy whole stacks on the embedded AWS, and hold the plan to what runs do
	$(BIN)/python -m pytest -n 2 --dist worksteal tests/integration tests/truth

.PHONY: bench
bench: $(BIN)/.test ## Measure runs of whole stacks and write docs/performance.md; leave the machine alone meanwhile
	$(BIN)/python -m tests.benchmark

.PHONY: sanity
sanity: $(BIN)/.test ## Run ansible-test sanity on a copy of the collection
	tests/sanity.sh $(BIN)

.PHONY: importer
importer: $(BIN)/.test ## Build the collection and run Galaxy's own checks on it
	tests/importer.sh $(BIN)

SCENARIOS := $(patsubst extensions/molecule/%/molecule.yml,molecule-%,$(wildcard extensions/molecule/*/molecule.yml))

.PHONY: molecule $(SCENARIOS)
molecule: $(SCENARIOS) ## Run the molecule scenarios: a life of each stack, and the dry run of production; with -j2 side by side

$(SCENARIOS): molecule-%: $(BIN)/.test
	tests/molecule.sh $(BIN) $*

.PHONY: static
static: ## Run what needs no whole stack: lint, sanity, importer, then unit, contract and emulator tests
	+$(MAKE) --no-print-directory lint
	+$(MAKE) --no-print-directory sanity
	+$(MAKE) --no-print-directory importer
	+$(MAKE) --no-print-directory contract

.PHONY: test
test: $(BIN)/.test ## Run everything
	+$(MAKE) --no-print-directory -j2 --output-sync=target static molecule
	+$(MAKE) --no-print-directory integration

.PHONY: clean
clean: emulator-stop ## Remove what these targets made
	rm -rf $(VENV) .emulator .cache build dist .pytest_cache .ruff_cache .mypy_cache .ansible .coverage*
