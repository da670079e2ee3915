# Every command that a developer or a newcomer needs. `make` alone lists them.

VENV ?= .venv
PORT ?= 8000
# Not `?=`: some shells export HOST as the name of the machine.
HOST = 127.0.0.1
DATA_DIR ?= var

python := $(VENV)/bin/python
manage := $(python) manage.py
installed := $(VENV)/base.installed
installed_dev := $(VENV)/dev.installed
collected := $(DATA_DIR)/static.collected
# What a search for our own strings must not wander into.
not_ours = $(addprefix --ignore=,$(VENV) $(DATA_DIR) node_modules tests benchmarks)
templates = $(shell find templates posts comments blogsite -name '*.html')

export VENV PYTHON

.DEFAULT_GOAL := help
.PHONY: help run install test coverage lint format messages lock bench faults checkers lighthouse port

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

run: export DEMO := $(or $(DEMO),true)
run: port install ## Try the site on this machine, with demo content (PORT=8000, HOST=127.0.0.1)
	@$(manage) demo --host $(HOST) --port $(PORT)
	@exec $(manage) serve --host $(HOST) --port $(PORT)

install: $(installed) $(collected) ## Prepare or upgrade a production site, see docs/operators.md
	@echo "Preparing the database ..."
	@$(manage) migrate --verbosity 0

test: $(installed_dev) ## Run all tests (DATABASE_URL=... for PostgreSQL, PYTEST_ARGS=... for pytest)
ifdef PYTEST_ARGS
	@$(python) -m pytest $(PYTEST_ARGS)
else
	@sh scripts/test
endif

coverage: $(installed_dev) ## Run all tests and tell which lines they miss
	@$(python) -m coverage run -m pytest $(PYTEST_ARGS)
	@$(python) -m coverage combine --quiet
	@$(python) -m coverage report

lint: export DEMO := $(or $(DEMO),true)
lint: $(installed_dev) ## Check style, types, templates and migrations; change nothing
	@$(python) -m ruff check
	@$(python) -m ruff format --check
	@$(VENV)/bin/djade --check $(templates)
	@$(python) -m mypy
	@$(manage) makemigrations --check --dry-run

format: $(installed_dev) ## Bring code and templates into the common style
	@$(python) -m ruff check --fix
	@$(python) -m ruff format
	@$(VENV)/bin/djade $(templates)

messages: export DEMO := $(or $(DEMO),true)
messages: $(installed_dev) ## Bring the catalogues in locale/ up to date with the code (needs GNU gettext)
	@$(manage) makemessages --all --no-location --no-obsolete --no-wrap $(not_ours)
# A date would differ between any two branches, and tells nothing.
	@sed -i.dated '/^"POT-Creation-Date/d' locale/*/*/django.po && rm locale/*/*/django.po.dated
	@$(manage) compilemessages $(not_ours)

lock: $(VENV)/lock.installed ## Compile requirements/ from pyproject.toml (UPGRADE=1 for the newest versions)
	@sh scripts/lock $(if $(UPGRADE),--upgrade)

bench: $(installed_dev) ## Measure the site beside its limits, and as it grows (FULL=1 for a million posts: an hour)
	@$(python) -m benchmarks $(if $(FULL),--full) $(if $(GROWTH),--growth $(GROWTH))

faults: $(installed_dev) ## Maltreat a whole site for 20 minutes: kill -9, floods, outages (DATABASE_URL=...)
	@$(python) -m tests.faults

checkers: ## Fetch the HTML and accessibility checkers that the browser tests use (needs npm)
	@npm install --prefix . --no-save --no-package-lock --no-audit --no-fund --loglevel=error \
	    vnu-jar@26.9.27 axe-core@4.14.1

lighthouse: ## Score the demo that `make run` serves, as a telephone sees it (needs npm and Chromium)
	@sh scripts/lighthouse http://$(HOST):$(PORT) / /posts/everything-the-page-can-do/ /category/workshop/ /search/

# Asked first, so that nobody waits for an installation that ends at a taken port.
port:
	@sh scripts/python -m blogsite.ports $(HOST) $(PORT)

$(VENV)/%.installed: requirements/%.txt
	@sh scripts/install $*

$(collected): $(installed) $(shell find static -type f)
	@echo "Collecting and compressing the static files ..."
	@$(manage) collectstatic --no-input --clear --verbosity 0
	@mkdir -p $(@D) && touch $@
