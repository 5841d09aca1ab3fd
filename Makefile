# `make demo` and `make test` set up what they need; a second run skips what is done.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DEMO := out/demo
PORT ?= 8000
# Where PyPI's torch brings gigabytes of CUDA libraries, name PyTorch's CPU index: make setup TORCH_INDEX=URL
TORCH_INDEX ?=

.PHONY: setup demo test lint format screenshots clean

setup: $(VENV)/.installed static/vendor/.installed

$(VENV)/.installed: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit("rs5m needs Python 3.11 or newer; set PYTHON=/path/to/python3.11") if sys.version_info < (3, 11) else None'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(if $(TORCH_INDEX),$(BIN)/python -m pip install --quiet --index-url $(TORCH_INDEX) torch torchvision)
	$(BIN)/python -m pip install --quiet --editable '.[dev]'
	touch $@

static/vendor/.installed: package.json package-lock.json scripts/install_assets.py | $(VENV)/.installed
	$(BIN)/python scripts/install_assets.py
	touch $@

demo: setup
	$(BIN)/rs5m demo --out $(DEMO) --serve --port $(PORT)

test: setup lint
	$(BIN)/python -m pytest --numprocesses 2

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: setup
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

screenshots: setup
	$(BIN)/python scripts/screenshots.py

clean:
	rm -rf $(VENV) node_modules static/vendor out .mypy_cache .ruff_cache .pytest_cache
