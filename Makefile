# Two commands do everything: `make demo` and `make test`.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
UV ?= $(firstword $(wildcard $(BIN)/uv) uv)

# What is installed: these files are as old as the last installation of what they stand for.
CRAWL := $(VENV)/installed-crawl
DEPLOY := $(VENV)/installed-deploy
TESTS := $(VENV)/installed-tests
PIP = $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes

SAMPLE := build/sample.warc.gz

.DELETE_ON_ERROR:
.PHONY: help demo test lint types audit chromium fuzz lock scrapyd deploy crontab install upgrade clean

help: ## print this list
	@sed -n 's/^\([a-z]*\):.*## /  make \1|/p' $(MAKEFILE_LIST) | while IFS='|' read -r name what; do \
		printf '%-14s %s\n' "$$name" "  $$what"; done

# Nothing of the user's own settings shall lead the demonstration elsewhere.
demo: export HERALD_HOME := data/demo
demo: export DATABASE_URL :=
demo: export DATABASE_URL_FILE :=
demo: export SITE_URL := https://www.koreaherald.com
demo: export REPLAY := $(SAMPLE)
demo: export LOG_LEVEL := WARNING
demo: $(CRAWL) $(SAMPLE) ## install, crawl the sample site (no network), say what to try next
	@$(BIN)/scrapy crawl northkorea
	@stories=$$($(BIN)/scrapy db psql -- -XAtc "SELECT count(*) FROM articles"); \
	feeds=$$HERALD_HOME/feeds/northkorea; \
	latest=$$(ls "$$feeds"/*.jsonl | tail -n 1); \
	full=$$(find "$$feeds" -name '*.jsonl' -size +0 | sort | tail -n 1); \
	printf '%s\n' '' \
		"$$stories stories are stored; $$(($$(wc -l < "$$latest"))) of them came or changed in this run." \
		"  feed      $$latest" \
		"  database  $$HERALD_HOME/postgres" \
		"  pages     $$HERALD_HOME/archive" \
		'' 'Try next:' \
		"  HERALD_HOME=$$HERALD_HOME $(BIN)/scrapy db psql -- -c \"SELECT date_published, headline FROM articles ORDER BY 1 DESC LIMIT 10\"" \
		"  HERALD_HOME=$$HERALD_HOME $(BIN)/scrapy status" \
		"  head -n 1 $$full | $(BIN)/python -m json.tool --no-ensure-ascii" \
		"  $(BIN)/scrapy crawl northkorea -a limit=20    # the live site, one request a second"

# The tests start many processes that import the project; none but the first has to compile it. In
# their own order the files with the longest tests come first, and not last, when little is left beside.
test: export PYTHONDONTWRITEBYTECODE :=
test: lint types chromium ## install what the tests need, then lint, types and tests
	@$(BIN)/python -m pytest -q -n 4 --dist loadfile --no-loadscope-reorder

lint: $(TESTS) ## ruff: rules and format
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check

audit: $(TESTS) ## look for known vulnerabilities in the locked packages
	@deploy/audit.sh

types: $(TESTS) ## mypy, strict
	@$(BIN)/mypy

lock: ## write the requirements.txt files anew from the .in files (uv); UPGRADE=1 for newer versions
	@for name in requirements requirements-s3 deploy/requirements tests/requirements; do \
		$(UV) pip compile --quiet --universal --python-version 3.11 --generate-hashes \
			--no-emit-index-url --no-header $(if $(UPGRADE),--upgrade) \
			$$name.in -o $$name.txt || exit; done

fuzz: $(TESTS) ## fuzz the readers, led by coverage, for SECONDS=60
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check 'atheris>=3'
	@$(BIN)/python -m tests.fuzz $(or $(SECONDS),60)

deploy: $(DEPLOY) ## bring the project to Scrapyd (TARGET=… of scrapy.cfg)
	@deploy/deploy.sh $(TARGET)

scrapyd: $(DEPLOY) ## run Scrapyd in the foreground; see deploy/README.md
	@deploy/scrapyd.sh

crontab: $(DEPLOY) ## print the crontab of deploy/timetable, for machines without systemd
	@$(BIN)/python deploy/timetable.py crontab

install: ## as root: install or update the services and timers of systemd
	@deploy/install.sh

upgrade: ## as root: back up, take the newest version, install it; jobs go on or end in order
	@deploy/upgrade.sh

clean: ## remove what can be made again, except .venv
	@rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
	@find . -name __pycache__ -not -path './$(VENV)/*' -prune -exec rm -rf {} +

# How the rest is made ------------------------------------------------------------------------------

$(BIN)/pip:
	@version='import sys; sys.exit(sys.version_info < (3, 11))'; \
	if ! command -v $(PYTHON) >/dev/null; then \
		echo 'heraldcrawl needs Python 3.11 or newer, and there is no $(PYTHON); say which: make PYTHON=…'; \
	elif ! $(PYTHON) -c "$$version"; then \
		echo "heraldcrawl needs Python 3.11 or newer, and $(PYTHON) is $$($(PYTHON) --version); say which: make PYTHON=…"; \
	elif ! $(PYTHON) -c 'import ensurepip, venv' 2>/dev/null; then \
		echo 'The venv module of $(PYTHON) is missing: apt-get install python3-venv, on Debian.'; \
	else exit 0; fi >&2; exit 1
	@$(PYTHON) -m venv $(VENV)

$(CRAWL): requirements.txt | $(BIN)/pip
	@echo 'Installing requirements.txt into $(VENV)'
	@$(PIP) -r requirements.txt
	@touch $@

$(DEPLOY): deploy/requirements.txt $(CRAWL)
	@echo 'Installing deploy/requirements.txt into $(VENV)'
	@$(PIP) -r deploy/requirements.txt
	@touch $@

$(TESTS): tests/requirements.txt $(CRAWL)
	@echo 'Installing tests/requirements.txt into $(VENV)'
	@$(PIP) -r tests/requirements.txt
	@touch $@

$(SAMPLE): $(wildcard tests/site/sample/*.py tests/site/sample/*/*) | $(CRAWL)
	@mkdir -p $(@D)
	@$(BIN)/python -m tests.site.sample warc $@

chromium: $(TESTS)
	@if { command -v chromium || command -v chromium-browser || command -v google-chrome; } \
		>/dev/null && $(BIN)/playwright --version >/dev/null 2>&1; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo 'Installing Chromium'; \
		apt-get -qq update && DEBIAN_FRONTEND=noninteractive \
			apt-get -qq install --yes --no-install-recommends chromium libatomic1 >/dev/null && exit 0; \
	fi; \
	echo 'The tests with Chromium will be skipped: apt-get install chromium libatomic1, on Debian.'
