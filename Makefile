# make run    the chat page on the seeds; prints its address
# make test   lint, types, unit and browser tests
# Both set up what they need in .venv first; the rest is for contributors: make fit, make quality.

PYTHON ?= python3
# Tests side by side; those of one file stay together.
WORKERS ?= 2
PORT ?= 7860
# PyTorch's index of CPU wheels, where the default one offers only CUDA builds (see README).
TORCH_INDEX ?=

VENV := .venv
BIN := $(VENV)/bin
# With its progress bars on a terminal, quiet elsewhere.
PIP := $(BIN)/python -m pip install --disable-pip-version-check $(if $(MAKE_TERMOUT),,--quiet) \
	--constraint constraints.txt

.PHONY: run test check format chromium lock fit quality clean

run: $(VENV)/.installed
	$(BIN)/citewell build seeds --out kb
	$(BIN)/citewell serve --kb kb --port $(PORT)

test: check chromium
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest --numprocesses $(WORKERS) --dist loadfile --no-loadscope-reorder

check: $(VENV)/.installed-dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

format: $(VENV)/.installed-dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

chromium:
	@sh tests/install_chromium.sh

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Citewell needs Python 3.11 or newer; name one with: make PYTHON=python3.12 …")'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.installed: pyproject.toml constraints.txt | $(VENV)/bin/python
	@echo "Installing what Citewell needs into $(VENV) (several minutes, once)"
	$(PIP) torch $(if $(TORCH_INDEX),--index-url $(TORCH_INDEX))
	$(PIP) --editable .
	@touch $@

$(VENV)/.installed-dev: $(VENV)/.installed
	$(PIP) --editable '.[dev]'
	@touch $@

# Every version in use, as the next machine will get it.
lock: $(VENV)/.installed-dev
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu//' > constraints.txt

# The question sets to fit on and to measure with.
BENCH ?= ../shared/bench

# The weights of qa/fitted.json, with how they were fitted.
fit: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.ranking $(BENCH) --keep
	$(BIN)/python -m benchmarks.confidence $(BENCH) --keep

# All that is promised of answers in one table.
quality: $(VENV)/.installed-dev
	$(BIN)/python -m benchmarks.quality $(BENCH)

clean:
	rm -rf $(VENV) kb .cache build *.egg-info
