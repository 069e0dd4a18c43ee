# `make` alone lists the targets. Everything runs in a virtual environment of its own, .venv.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8080
PAINTINGS ?= paintings
PIP_INSTALL = $(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt

.PHONY: help demo auto test check format bench bench-taste image pictures train-base train-kandinsky train-spelling train-homages train-accelerator refine-style evaluate clean
.DEFAULT_GOAL := help

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-18s %s\n", $$1, $$2}'

$(VENV)/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Vernissage needs Python 3.11 or newer; name one: make PYTHON=python3.12 …"; exit 1; }
	@echo "Making $(VENV) …"
	@$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/installed: $(VENV)/made pyproject.toml constraints.txt
	@echo "Installing (the first time takes some minutes) …"
	@$(PIP_INSTALL) "$$(grep '^torch==' constraints.txt)"
	@$(PIP_INSTALL) --editable .
	@touch $@

$(VENV)/installed-dev: $(VENV)/installed
	@$(PIP_INSTALL) --editable '.[dev]'
	@touch $@

demo: $(VENV)/installed  ## the bot on the bundled model in a pretend Telegram; prints the page's address
	@exec $(BIN)/vernissage demo --port $(PORT)

auto: $(VENV)/installed  ## the demo without a browser: a simulated person votes through four generations; report in ./report
	@exec $(BIN)/vernissage demo --port 0 --auto 4 --report report

test: $(VENV)/installed-dev  ## all tests, on up to four cores (browser tests skip, and say so, where there is no Chromium)
	@# A thread each: as many workers as cores compute already, and more threads than cores wait for one another.
	@OMP_NUM_THREADS=$${OMP_NUM_THREADS:-1} $(BIN)/python -m pytest -n logical --maxprocesses 4 --dist worksteal

check: $(VENV)/installed-dev  ## format, lint, types, import contracts, Dockerfile
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/mypy
	@$(BIN)/lint-imports
	@$(BIN)/hadolint Dockerfile

format: $(VENV)/installed-dev  ## put all code in form
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix .

# What makes docs/artist.md or wants a folder is no benchmark, and comparing slider methods takes an hour: these are
# called by name.
bench: $(VENV)/installed-dev  ## all benchmarks: each prints a table, then one line of JSON
	@set -e; for script in benchmarks/*.py; do \
		module=$$(basename $$script .py); \
		case $$module in __init__|artist_tables|probed_bot|storm_people|chat_pictures|style_sheets|style_weights|slider_methods) continue;; esac; \
		echo "== $$module"; $(BIN)/python -m benchmarks.$$module; done
	@echo "== taste"; $(BIN)/python -m benchmarks.taste --processes 2

$(VENV)/installed-bench: $(VENV)/installed-dev
	@$(PIP_INSTALL) --editable '.[bench]'
	@touch $@

bench-taste: $(VENV)/installed-bench  ## make docs/taste.md anew: what each strategy and its rivals learn from votes; two hours; PARTS=core,prior for some of it, GUIDED_ONLY=1 to keep the rivals' figures
	$(BIN)/python -m benchmarks.taste --report docs --processes 2 $(if $(PARTS),--parts $(PARTS)) $(if $(GUIDED_ONLY),--guided-only)

pictures: $(VENV)/installed-dev  ## make the README's pictures of the chat anew: a real demo in a Chromium
	$(BIN)/python -m benchmarks.chat_pictures --out docs/pictures

image:  ## build the container image (DEVICE=cpu or cuda)
	docker build --build-arg DEVICE=$(or $(DEVICE),cpu) --tag vernissage:$(or $(DEVICE),cpu) .

train-base: $(VENV)/installed-dev  ## train the bundled base model: from nothing, or FROM=style/bundled to go on; hours on a CPU, resumes where it stopped
	$(BIN)/python -m style.training base $(if $(FROM),--start $(FROM)) $(TRAIN)

train-kandinsky: $(VENV)/installed-dev  ## train the kandinsky style and its sliders: PAINTINGS=folder with metadata.jsonl
	$(BIN)/python -m style.training kandinsky --paintings $(PAINTINGS) $(TRAIN)

train-spelling: $(VENV)/installed-dev  ## have the bundled text encoder tell new words apart: KEEP="styles whose words stay as they are"; resumes where it stopped
	$(BIN)/python -m style.training spelling $(if $(KEEP),--keep $(KEEP)) $(TRAIN)

train-homages: $(VENV)/installed-dev  ## train the four homages on pictures that their painters draw; resumes where it stopped
	$(BIN)/python -m style.training homages $(TRAIN)

train-accelerator: $(VENV)/installed-dev  ## distil the bundled model to few steps with no guidance pass; resumes where it stopped
	$(BIN)/python -m style.training distil $(TRAIN)

refine-style: $(VENV)/installed-dev  ## teach a bundled STYLE's adapter the accelerated model's few steps: WORSE=an earlier state of the model, to lead away from; resumes where it stopped
	$(BIN)/python -m style.training refine $(STYLE) $(if $(WORSE),--worse $(WORSE)) $(if $(PAINTINGS),--paintings $(PAINTINGS)) $(TRAIN)

evaluate: $(VENV)/installed-dev  ## measure what the bundled model and its style paint: PAINTINGS=folder for the style distance
	$(BIN)/python -m benchmarks.model_quality $(if $(wildcard $(PAINTINGS)),--paintings $(PAINTINGS))

clean:  ## remove the environment and the caches, never data
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache
