# The two commands of a newcomer are `make run` and `make test`; the rest is for those who work on it.
SHELL := /bin/bash
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(if $(shell $(p) -c 'import sys; sys.exit(not (3,11) <= sys.version_info[:2] <= (3,13))' 2>/dev/null && echo yes),$(p))))
UV := $(shell command -v uv 2>/dev/null)
BIN := .venv/bin
export VAR_DIR ?= var

.PHONY: help run test test-long check bench install install-dev clean requirements messages pictures

help:  ## what each target does
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## */\1	/' | column -t -s '	'

run: .venv/installed  ## start everything on this machine; PORT=8000 chooses the port
	@exec $(BIN)/python -m config.run

test: .venv/installed-dev check  ## the test suite, on real servers and, where there is one, a real browser
	@$(BIN)/python -m config.services exec $(BIN)/python -m pytest -n 2 -m "not long" $(ARGS)

test-long: .venv/installed-dev  ## what takes longer: races, faults, restarts, big imports
	@$(BIN)/python -m config.services exec $(BIN)/python -m pytest -m long $(ARGS)

check: .venv/installed-dev  ## style, types, layers, migrations, translations, deployment settings
	$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet .
	$(BIN)/mypy .
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet templates
	$(BIN)/python -m config.services exec $(BIN)/python -m tests.checks

bench: .venv/installed-dev  ## benchmarks, each a ratio to a limit of the same machine
	@SERVICES_NAME=bench SERVICES_LOSABLE=0 $(BIN)/python -m config.services exec $(BIN)/python -m bench $(ARGS)

install: .venv/installed
install-dev: .venv/installed-dev

.venv/bin/python:
	@test -n "$(PYTHON)" -o -n "$(UV)" || { echo "Python 3.11, 3.12 or 3.13 is needed, or uv."; exit 1; }
ifneq ($(UV),)
	@uv venv --quiet $(if $(PYTHON),--python $(PYTHON),--python 3.12) .venv
else
	@$(PYTHON) -m venv .venv
endif

# requirements*.txt hold every package that is needed, pinned; nothing else is looked up.
INSTALL = $(if $(UV),uv pip install --quiet --python $(BIN)/python --no-deps -r,$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps -r)

.venv/installed: requirements.txt | .venv/bin/python
	@echo "Installing packages …"
	@$(INSTALL) requirements.txt
	@touch $@

.venv/installed-dev: requirements-dev.txt | .venv/bin/python
	@echo "Installing packages …"
	@$(INSTALL) requirements-dev.txt
	@touch $@ .venv/installed

requirements: pyproject.toml  ## pin anew from pyproject.toml (needs uv)
	@for out in requirements.txt "requirements-dev.txt --extra dev -c requirements.txt"; do \
	  set -- $$out; name=$$1; shift; \
	  uv pip compile --quiet --universal --python-version 3.11 --no-header --no-annotate "$$@" pyproject.toml \
	    | grep -v "sys_platform == 'never'" > $$name.new && mv $$name.new $$name; \
	done

messages: .venv/installed-dev  ## collect texts for translation (needs GNU gettext)
	@$(BIN)/python manage.py makemessages -l ko --no-location --ignore .venv --ignore var --ignore "tests/*"

pictures: .venv/installed-dev  ## make the pictures of the README from a running sample site (needs Chromium)
	@$(BIN)/python -m config.services exec $(BIN)/python -m tests.pictures

clean:
	rm -rf .venv var .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
