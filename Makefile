# make demo · make test · make check · make bench. Needs Python 3.11 or newer and a package registry, once.
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
WORDS := $(patsubst %.po,%.mo,$(wildcard src/liuchi/locale/*/LC_MESSAGES/*.po))
# A copied checkout must not run the original's programs, and a set-up that was interrupted begins anew: the mark names
# the place it was made for, and is made last.
READY := $(VENV)/.ready-$(firstword $(shell pwd | cksum))
JOBS ?= 2
COVERED := --cov --cov-report= --cov-fail-under=0
SLOWEST := --durations=25 --durations-min=3

.PHONY: demo test quick check bench lock translations clean

# Were make itself killed, the demo would have nobody left to stop it: it ends with make.
demo: export LIUCHI_TIED := 1
demo: $(READY) $(WORDS) ## set up, load the demo district, serve; PORT=8001 chooses the port, DATA=dir the place
	@$(BIN)/liuchi demo $(if $(PORT),--port $(PORT)) $(if $(DATA),--data $(DATA))

# What was run is noted in a place of its own that every account can reach: the server's processes are measured too.
# The long walks go through lines that others cover; counting those would only make them longer.
test: $(READY) $(WORDS) ## every test: quick, slow and in the browser, with branch coverage
	@notes=$$(mktemp -d) && chmod 1777 "$$notes" && trap 'rm -rf "$$notes"' EXIT && export COVERAGE_FILE="$$notes/run" && set -ex && \
	$(BIN)/pytest -n $(JOBS) $(COVERED) $(SLOWEST) -m "not slow and not journey and not serial" && \
	$(BIN)/pytest -n $(JOBS) $(SLOWEST) -m "slow and not journey and not serial" && \
	$(BIN)/pytest $(COVERED) --cov-append $(SLOWEST) -m "journey or serial" && \
	$(BIN)/coverage report

quick: $(READY) $(WORDS) ## what a developer runs all day
	$(BIN)/pytest -n $(JOBS) -m "not slow and not journey and not serial"

check: $(READY) $(WORDS) ## lint, types, contracts, migrations
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(BIN)/python -W ignore -m django makemigrations --check --dry-run --settings liuchi.config.settings

bench: $(READY) $(WORDS) ## performance beside the bare limit of the same run
	@$(BIN)/liuchi bench core

lock: $(READY) ## write the hashed locks anew from pyproject.toml
	$(BIN)/python tools/lock.py

translations: $(READY) ## bring the catalogues' msgids up to date and name those that want translating
	$(BIN)/python -m liuchi.config.translations

%.mo: %.po | $(READY)
	@$(BIN)/python -c 'from liuchi.config import translations; translations.compile_translations()'

$(READY): requirements/dev.txt pyproject.toml
	@test -n "$(PYTHON)" || { echo "Liuchi needs Python 3.11 or newer; install it, or name it: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Liuchi needs Python 3.11 or newer; $(PYTHON) is older. Name another: make PYTHON=/path/to/python3.11 …"; exit 1; }
	@echo "Setting up (once; needs the package registry) …"
	@test -e $(READY) || rm -rf $(VENV)
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "$(PYTHON) cannot make a virtual environment (on Debian: apt-get install python3-venv)"; exit 1; }
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes --only-binary :all: -r requirements/dev.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@rm -f $(VENV)/.ready*
	@touch $(READY)

clean:
	rm -rf $(VENV) .mypy_cache .ruff_cache .hypothesis .coverage* build dist
