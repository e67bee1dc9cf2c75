# `make signoff` and `make test` need nothing beforehand but Debian 12 and the package
# registries; they set everything up and remember what is done in build/stamps.

PYTHON ?= python3
BIN := .venv/bin
STAMPS := build/stamps

.DEFAULT_GOAL := help
.PHONY: help build test test-c test-python lint parity bench signoff fixtures golden wheels portability tox clean

help:
	@echo 'make test      set up, build, run all tests (C, Python, the SDK on the C core)'
	@echo 'make signoff   set up, build, parity campaign, benches, report in reports/out'
	@echo 'make build     the wheels of this Python, installed into .venv'
	@echo 'make parity    native against the reference     CASES=100000 SEED=1'
	@echo 'make bench     native against reference and Rust'
	@echo 'make endtoend  applications under the real SDK: Python, C core and Rust export what?'
	@echo 'make lint      ruff and mypy, the C sources with warnings as errors'
	@echo 'make fixtures  record the Flask application again'
	@echo 'make golden    write the golden vectors again from the reference'
	@echo 'make docs      the documentation site in build/site, its links checked'
	@echo 'make wheels    sdists and checked wheels of every Python found, in dist/'
	@echo 'make portability   the C core on musl, 64-bit ARM and a big-endian machine'
	@echo 'make tox       the tests and a campaign on every Python that is found'
	@echo 'make clean     remove what was built; .venv stays'

# ---- set-up -----------------------------------------------------------------

$(STAMPS)/system: scripts/setup
	@scripts/setup
	@mkdir -p $(@D) && touch $@

$(STAMPS)/venv: requirements-dev.txt | $(STAMPS)/system
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
	@touch $@

# ---- wheels -----------------------------------------------------------------

NATIVE_SOURCES := pyproject.toml CMakeLists.txt core/CMakeLists.txt \
    $(shell find core/include core/src core/proto core/native -type f -not -path '*/__pycache__/*')
REFERENCE_SOURCES := core/driftcore/pyproject.toml $(shell find core/driftcore -name '*.py')
DROPIN_SOURCES := core/dropin/pyproject.toml core/dropin/drift_core/__init__.py
PIP_WHEEL := $(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation

# What .venv and the drop-in's environment get; `make wheels` makes those that are published.
WHEELS := build/wheels
$(STAMPS)/wheels: $(STAMPS)/venv $(NATIVE_SOURCES) $(REFERENCE_SOURCES) $(DROPIN_SOURCES)
	rm -rf $(WHEELS)
	PATH="$(CURDIR)/$(BIN):$$PATH" $(PIP_WHEEL) --config-settings=cmake.define.DRIFTCORE_LIBCRYPTO=ON \
	    --wheel-dir $(WHEELS) . ./core/driftcore ./core/dropin
	@touch $@

# The drop-in stays out of .venv, where the Rust core it replaces is a witness.
$(STAMPS)/installed: $(STAMPS)/wheels
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall \
	    $(WHEELS)/driftcore-*.whl $(WHEELS)/driftcore_native-*.whl
	@touch $@

build: $(STAMPS)/installed

# An environment in which `drift_core` is the C core.
DROPIN := build/dropin
$(STAMPS)/dropin: requirements-dropin.txt $(STAMPS)/wheels
	test -x $(DROPIN)/bin/python || $(PYTHON) -m venv $(DROPIN)
	$(DROPIN)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-dropin.txt
	$(DROPIN)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(WHEELS)/*.whl
	@touch $@

# ---- tests ------------------------------------------------------------------

test: test-c test-python

test-c: | $(STAMPS)/system
	cmake --preset tests --log-level=WARNING
	cmake --build --preset tests
	ctest --preset tests

test-python: $(STAMPS)/installed $(STAMPS)/dropin
	DRIFTCORE_DROPIN_PYTHON=$(DROPIN)/bin/python $(BIN)/python -m pytest

lint: $(STAMPS)/venv
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy core/driftcore core/native/driftcore_native fixtures parity bench reports scripts
	cmake --preset tests --log-level=WARNING && cmake --build --preset tests

# ---- judging ----------------------------------------------------------------

CASES ?= 100000
SEED ?= 1

parity: build
	$(BIN)/python -m parity run --cases $(CASES) --seed $(SEED)

bench: build build-bench
	$(BIN)/python -m bench run

.PHONY: build-bench
build-bench: | $(STAMPS)/system
	cmake --preset bench --log-level=WARNING
	cmake --build --preset bench

.PHONY: endtoend
endtoend: build $(STAMPS)/dropin
	DRIFTCORE_DROPIN_PYTHON=$(DROPIN)/bin/python $(BIN)/python -m parity.endtoend

signoff: build build-bench
	CASES=$(CASES) scripts/signoff

# ---- inputs -----------------------------------------------------------------

fixtures: $(STAMPS)/venv
	$(BIN)/python -m fixtures.record

golden: build
	$(BIN)/python -m core.tests.make_golden

.PHONY: docs
docs: build
	$(BIN)/python -m mkdocs build

# ---- release ----------------------------------------------------------------

wheels: $(STAMPS)/venv
	$(BIN)/python -m scripts.wheels

TARGETS := musl arm64 s390x
$(STAMPS)/portability: scripts/setup scripts/fetch-sources | $(STAMPS)/system
	scripts/setup portability
	scripts/fetch-sources build/sources
	@touch $@

portability: $(STAMPS)/portability
	@for target in $(TARGETS); do \
	    cmake --preset $$target --log-level=WARNING >/dev/null && \
	    cmake --build --preset $$target && ctest --preset $$target || exit 1; \
	done

# ---- the rest ---------------------------------------------------------------

tox: $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check tox
	$(BIN)/python -m tox

clean:
	rm -rf build dist reports/out .tox
