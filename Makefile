# The first command in a fresh clone may be any of these; each sets up what it needs.

PYTHON ?= python3
PIP_FLAGS ?= --quiet
PYTEST_FLAGS ?= -n auto --dist loadfile --no-loadscope-reorder

VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.set-up

# A clone that was copied or moved holds the .venv of another folder, and that runs the other folder's checks.
# Where this one's own is meant, its package is found in this folder; -I keeps Python from looking here by itself.
WHOSE := import importlib.util as i, os; found = i.find_spec("autograder"); \
	root = os.path.dirname(os.path.dirname(os.path.realpath(found.origin))) if found else "another folder"; \
	print("" if root == os.path.realpath(".") else root)
OTHER := $(shell test -e $(STAMP) && { $(BIN)/python -I -c '$(WHOSE)' 2>/dev/null || echo another folder; })

.DEFAULT_GOAL := help
.PHONY: help setup fast test long all fuzz cluster mutants diagnose bench demo site lint reference stubs proof verify

help: ## list the targets
	@sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1|\2/p' $(MAKEFILE_LIST) | column -t -s '|' 2>/dev/null \
		|| sed -n 's/^\([a-z]*\):.*## \(.*\)/  make \1   \2/p' $(MAKEFILE_LIST)

setup: $(STAMP) ## make .venv with the pinned versions (PYTHON=python3.12 for another interpreter)

ifneq ($(OTHER),)
.PHONY: $(STAMP)
endif

$(STAMP): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or newer is needed, and $(PYTHON) is not that. Try: make $(MAKECMDGOALS) PYTHON=python3.12" >&2; \
		exit 2; }
ifneq ($(OTHER),)
	@echo "$(VENV) belongs to $(OTHER); it is removed, and this folder gets its own."
	@rm -rf $(VENV)
endif
	@echo "Setting up $(VENV); the first time this takes some minutes."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --disable-pip-version-check $(PIP_FLAGS) -c constraints.txt -e '.[dev,site]'
	@touch $@

fast: setup ## run the tests that start no process, in about half a minute
	@$(BIN)/python -m pytest -m 'not slow and not long and not fuzz and not cluster' $(PYTEST_FLAGS)

test: setup ## run the tests, in less than ten minutes on two cores
	@$(BIN)/python -m pytest $(PYTEST_FLAGS)

long: setup ## run the tests that take longest, which CI runs too
	@$(BIN)/python -m pytest -m long $(PYTEST_FLAGS)

cluster: setup ## run the tests that start Dask clusters, which CI runs too
	@$(BIN)/python -m pytest -m cluster $(PYTEST_FLAGS)

all: setup ## run every test but the fuzzed ones, as CI does, in 40 to 45 minutes on two cores
	@$(BIN)/python -m pytest -m 'not fuzz' $(PYTEST_FLAGS)

fuzz: setup ## run random notebooks, random frames and random kills, for minutes
	@$(BIN)/python -m pytest -m fuzz $(PYTEST_FLAGS)

mutants: setup ## grade 1,000 right answers with a small change each, and test all laws and names told (ARGS="--known")
	@$(BIN)/python -m tests.mutants $(ARGS)

diagnose: setup ## grade wrong answers outside the bank, and count what is told rightly (ARGS="--all --json told.json")
	@$(BIN)/python -m tests.diagnose $(ARGS)

bench: setup ## measure what grading a class costs (ARGS="--size 210 --parts peers"; ARGS=--help tells more)
	@$(BIN)/python -m benchmarks $(ARGS)

demo: setup ## run the whole course on a made-up class, in a scratch folder
	@$(BIN)/autograder demo

site: setup ## build the course's site, lessons and docs, into build/site
	@$(BIN)/python docs/site/build.py

lint: setup ## check style, types, and that imports go one way
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/mypy

reference: setup ## write docs/commands.md, docs/course.md and the schema of course.yml anew, from the code
	@$(BIN)/python docs/reference.py

stubs: setup ## make assignments/ anew from solutions/
	@$(BIN)/python solutions/share.py
	@$(BIN)/autograder release --only-stubs

proof: setup ## prove every assignment under 1,000 seeds, and write that into docs/proof.md (ARGS="--seeds 20")
	@$(BIN)/autograder verify --seeds 1000 --markdown docs/proof.md $(ARGS)

verify: setup ## prove every assignment: solutions get full points, stubs none
	@$(BIN)/autograder verify
