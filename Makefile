# Needs Python 3.11 or newer, make, and PyPI and npm within reach; everything else is installed
# by these targets into .venv, web/node_modules and nowhere else (but see `services`).

SHELL := /bin/bash
comma := ,
.SHELLFLAGS := -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help demo test test-all test-fast accessibility check bench docs install uninstall services browsers clean

VENV ?= .venv
BIN := $(VENV)/bin
PIP = $(BIN)/python -m pip install --no-input --disable-pip-version-check -c constraints.txt
PAGES := $(shell find web \( -name node_modules -o -name keys.d.ts \) -prune -o -type f -print)
export DESTDIR PREFIX SYSCONFDIR STATEDIR UNITDIR BINDIR SERVICE_USER PIP_FLAGS
SOURCES := pyproject.toml constraints.txt hatch_build.py $(PAGES)

# The first Python on the PATH that is new enough; `make PYTHON=...` overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
    $$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)

# One name per package, and none of pip's addresses.
PROGRESS = while read -r what name rest; do case "$$what $$name $$rest" in \
    Collecting*|Processing*) name=$${name\#\#*/}; name=$${name%%-[0-9]*}; \
        echo "  $${name%%[<>=!~[]*}" ;; \
    Preparing\ editable*started) echo "  the web pages" ;; \
    Installing\ collected*) echo "  unpacking" ;; esac; done

# pip's warnings and errors without its addresses.
MASKED = 2> >(sed -uE "/^WARNING: Location .* is ignored/d; s|[a-z]+://[^ ']+|(address)|g" >&2)

help: ## say what there is
	@sed -n 's/^\([a-z-]*\):.*## /  make \1\t/p' Makefile | expand -t 20

demo: $(VENV)/installed ## an earthquake on this machine, with a phone page and a TV page (PORT=8460)
	@$(BIN)/forewave demo $(if $(PORT),--port $(PORT))

test: $(VENV)/installed-test services ## all parts on all cores, in a browser too, in ten minutes on two cores
	@$(BIN)/python -m pytest -n auto -m 'not thorough'

test-all: $(VENV)/installed-test $(VENV)/home-assistant services ## every test: longer and further cases of the same, too
	@FOREWAVE_HOME_ASSISTANT=$(VENV)/home-assistant/bin/python $(BIN)/python -m pytest -n auto

# Ends with a page about accessibility, from the results of the tests that ran.
REPORT := -p tests.accessibility.plugin --accessibility=out/accessibility
accessibility: $(VENV)/installed-test services browsers ## every automatic check of the pages in three browsers, with all pictures on one page
	@$(BIN)/python -m pytest -n auto -q $(REPORT) --only-accessibility

# ROOM: a folder or file of tests/, or several.
ROOM ?= $(notdir $(patsubst %/,%,$(wildcard tests/*/)))
test-fast: $(VENV)/installed-test ## the tests of one room and of the house, without browsers, services and recordings (ROOM=events)
	@$(BIN)/python -m pytest -n auto -m 'not slow and not live and not alone' \
	    $(addprefix tests/,$(ROOM)) tests/test_house.py tests/test_imports.py tests/test_types.py tests/test_pipeline.py

check: $(VENV)/installed-test ## lint, format and types of Python and of the pages; imports go one way
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache --no-logo
	@$(BIN)/python -c 'import hatch_build; hatch_build.run("check")'

bench: $(VENV)/installed ## the figures of the README, on this machine
	@$(BIN)/forewave bench ingest
	@$(BIN)/forewave bench decide

docs: $(VENV)/installed-docs ## the documentation as a site: site/index.html
	@NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --quiet --clean
	@echo "site/index.html"

install: ## forewave as a service of this machine, or its upgrade (needs root)
	@PYTHON='$(PYTHON)' deploy/install.sh install

uninstall: ## remove the service; settings, key and record stay (needs root)
	@deploy/install.sh uninstall

# Installs from Debian what is not there yet, as "program:package" or "program:package,package".
INSTALL = [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null || exit 0; \
	PATH="$$PATH:/usr/sbin"; export DEBIAN_FRONTEND=noninteractive; updated=; \
	for each in $(1); do \
	    program=$${each%%:*}; packages=$${each\#*:}; \
	    command -v $$program >/dev/null && continue; \
	    echo "Installing Debian's $$packages for the tests"; \
	    [ -n "$$updated" ] || apt-get update -qq >/dev/null; updated=yes; \
	    apt-get install -y -qq --no-install-recommends $${packages//,/ } >/dev/null \
	    || echo "Not to be had: $$packages: the tests that need it will be skipped"; \
	done

# What tests need of Debian beside Python.
services:
	@$(call INSTALL,chromium:chromium mosquitto:mosquitto pg_ctlcluster:postgresql)

# Firefox, WebKit with a screen that nobody sees, and letters of every language of the pages.
FONTS := fonts-droid-fallback$(comma)fonts-noto-core
browsers:
	@$(call INSTALL,firefox-esr:firefox-esr WebKitWebDriver:webkit2gtk-driver Xvfb:xvfb$(comma)$(FONTS))

clean: ## remove everything that was installed or built
	rm -rf $(VENV) web/node_modules src/forewave/web dist site .pytest_cache .mypy_cache .ruff_cache

$(BIN)/python:
	@[ -n "$(PYTHON)" ] && $(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	echo "forewave needs Python 3.11 or newer: install one, or name it with make PYTHON=..."; exit 1; }
	@echo "Making $(VENV) with $$($(PYTHON) --version)"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); \
	echo "Python cannot make a virtual environment (on Debian: apt-get install python3-venv)"; exit 1; }

$(VENV)/installed: $(SOURCES) | $(BIN)/python
	@echo "Installing forewave into $(VENV) (a few minutes the first time)"
	@$(PIP) -e . $(MASKED) | { $(PROGRESS); }
	@touch $@

$(VENV)/installed-test: $(SOURCES) | $(BIN)/python
	@echo "Installing forewave and its tests' tools into $(VENV) (a few minutes the first time)"
	@$(PIP) -e '.[test]' $(MASKED) | { $(PROGRESS); }
	@node=$$($(BIN)/python -c 'import hatch_build; print(*hatch_build.node_requirement())'); \
	[ -z "$$node" ] || $(PIP) -q $$node $(MASKED)
	@$(BIN)/python -c 'import hatch_build; hatch_build.install_tools()'
	@touch $@ $(VENV)/installed $(VENV)/installed-docs

# Its schemas are asked whether they accept our discovery. It pins what it needs, so it has an
# environment of its own; without it that test is skipped.
$(VENV)/home-assistant: | $(BIN)/python
	@echo "Installing Home Assistant for the tests"
	@$(BIN)/python -m venv $@
	@$@/bin/python -m pip install -q --no-input --disable-pip-version-check \
	    homeassistant 'paho-mqtt<2' $(MASKED) || { rm -rf $@/bin; echo "Not to be had: skipped"; }

$(VENV)/installed-docs: $(SOURCES) | $(BIN)/python
	@echo "Installing forewave and the tools of its documentation into $(VENV)"
	@$(PIP) -e '.[docs]' $(MASKED) | { $(PROGRESS); }
	@touch $@ $(VENV)/installed
