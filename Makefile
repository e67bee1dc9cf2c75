# `make signoff` and `make test` need nothing beforehand but Debian 12 and the package
# registries; they set everything up and remember what is done in build/stamps.

PYTHON ?= python3
BIN := .venv/bin
STAMPS := build/stamps

.DEFAULT_GOAL := help
.PHONY: help build test test-c test-python test-browser lint lint-ci parity bench bench-release bench-gate gate signoff \
    release-signoff verify fixtures golden tox clean harden harden-setup fuzz mutation analyze \
    wheels portability endtoend docs pythons matrix freeze workflows

help:
	@echo 'make test      set up, build, run all tests (C, Python, the SDK on the C core)'
	@echo 'make signoff   set up, build, judge: report in reports/out    WHEEL=FILE CASES=N SEED=N'
	@echo 'make gate      the short form for every change, in at most 3 minutes'
	@echo 'make release-signoff   the long form for a release, in at most an hour'
	@echo 'make verify    check an archived sign-off again     DIR=reports/out'
	@echo 'make build     the wheels of this Python, installed into .venv'
	@echo 'make parity    native against the reference     CASES=100000 SEED=1'
	@echo 'make bench     check the claims on speed and memory, in at most 4 minutes'
	@echo 'make bench-release   the same at length, for a sign-off, in at most 30'
	@echo 'make bench-gate   instructions, allocations and memory against the committed baseline'
	@echo 'make test-browser   the HTML report in headless Chromium, screenshots in build/screenshots'
	@echo 'make lint-ci   the GitHub workflows, by actionlint; needs Go'
	@echo 'make workflows   the commands of the CI jobs that take minutes, in fresh clones'
	@echo 'make lint      ruff and mypy, the C sources with warnings as errors, static analysis'
	@echo 'make harden    sanitizers, fuzzing, memory, threads, hostile input, coverage: up to 45 minutes'
	@echo 'make fuzz      every fuzz target: the C core, native against the reference    SECONDS=60'
	@echo 'make mutation  how many planted faults the parity gate catches    EVERY=1'
	@echo 'make endtoend  applications under the real SDK: Python, C core and Rust export what, and cost what?'
	@echo 'make freeze    applications frozen by PyInstaller: do they find the core and the reference?'
	@echo 'make fixtures  record the Flask application again'
	@echo 'make golden    write the golden vectors again from the reference'
	@echo 'make docs      the documentation site in build/site, its links checked'
	@echo 'make wheels    sdists and checked wheels of every Python found, in dist/'
	@echo 'make portability   each platform as far as it can be built, run and proved from here; an hour'
	@echo 'make tox       the tests and a campaign on every Python that is found'
	@echo 'make pythons   the newest CPythons, which this system lacks; needs root'
	@echo 'make matrix    the same on those too: the evidence of Pythons that a release asks for'
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
DROPIN_SOURCES := core/dropin/pyproject.toml $(shell find core/dropin -type f -not -path '*/__pycache__/*')
BUILD_WHEEL := $(BIN)/python -m build --wheel --no-isolation

# What .venv and the drop-in's environment get; `make wheels` makes those that are published.
WHEELS := build/wheels
$(STAMPS)/wheels: $(STAMPS)/venv $(NATIVE_SOURCES) $(REFERENCE_SOURCES) $(DROPIN_SOURCES)
	rm -rf $(WHEELS)
	@for project in . core/driftcore core/dropin; do \
	    echo "$$project" && PATH="$(CURDIR)/$(BIN):$$PATH" $(BUILD_WHEEL) --outdir $(WHEELS) \
	        --config-setting=cmake.define.DRIFTCORE_LIBCRYPTO=ON $$project >$(WHEELS).log 2>&1 \
	        || { cat $(WHEELS).log; exit 1; }; \
	done
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

# An environment that freezes applications.
FREEZE := build/freeze
$(STAMPS)/freeze: requirements-freeze.txt $(STAMPS)/wheels
	test -x $(FREEZE)/bin/python || $(PYTHON) -m venv $(FREEZE)
	$(FREEZE)/bin/python -m pip install --quiet --disable-pip-version-check -r requirements-freeze.txt
	$(FREEZE)/bin/python -m pip install --quiet --disable-pip-version-check --no-deps --force-reinstall $(WHEELS)/*.whl
	@touch $@

# ---- tests ------------------------------------------------------------------

test: test-c test-python

test-c: | $(STAMPS)/system
	cmake --preset tests --log-level=WARNING
	cmake --build --preset tests
	ctest --preset tests

test-python: $(STAMPS)/installed $(STAMPS)/dropin
	DRIFTCORE_DROPIN_PYTHON=$(DROPIN)/bin/python $(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder

# The HTML report in a real browser.  Kept apart from `test`: Chromium and Node weigh half a gigabyte.
BROWSER := build/browser
$(STAMPS)/browser: requirements-browser.txt reports/tests/browser/package.json $(STAMPS)/venv
	scripts/setup chromium fonts-dejavu-core npm
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-browser.txt
	mkdir -p $(BROWSER) && cp reports/tests/browser/package.json $(BROWSER)
	npm install --silent --no-audit --no-fund --prefix $(BROWSER)
	@touch $@

# Kept apart from `test`: each application takes seconds of processor time to freeze.
freeze: $(STAMPS)/installed $(STAMPS)/freeze
	DRIFTCORE_FREEZE_PYTHON=$(FREEZE)/bin/python $(BIN)/python -m pytest parity/endtoend/test_frozen.py

test-browser: $(STAMPS)/browser
	BROWSER_TESTS=required $(BIN)/python -m pytest reports/tests/browser

ACTIONLINT := github.com/rhysd/actionlint/cmd/actionlint@v1.7.12
lint-ci:
	go run $(ACTIONLINT) -no-color

# The commands of the CI files, each job in a fresh clone: the gate as a pull request meets it, and those of a release
# that take minutes, for this machine's platform and Python.
workflows: build
	$(BIN)/python -m scripts.workflow_steps signoff.judge driftcore-gate release.sdists release.wheels release.matrix

lint: $(STAMPS)/harden
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy core/driftcore core/native/driftcore_native driftgate fixtures parity bench reports scripts
	$(BIN)/mypy -p core.harden -p core.fuzz
	cmake --preset tests --log-level=WARNING && cmake --build --preset tests
	$(BIN)/python -m core.harden run --only c-lint --only gcc-analyzer --only cppcheck

# ---- hardening ----------------------------------------------------------------

SECONDS ?= 60
EVERY ?= 1
OUT ?= reports/out

$(STAMPS)/harden: scripts/setup requirements-fuzz.txt | $(STAMPS)/venv
	@scripts/setup harden
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-fuzz.txt
	@mkdir -p $(@D) && touch $@

harden-setup: $(STAMPS)/harden

# What is installed is what is judged, so the wheels come first.
harden: $(STAMPS)/harden build
	$(BIN)/python -m core.harden run --fuzz-seconds $(SECONDS) --out $(OUT)/harden.ndjson

fuzz: $(STAMPS)/harden build
	$(BIN)/python -m core.fuzz run --seconds $(SECONDS)

mutation: $(STAMPS)/harden build
	$(BIN)/python -m parity.mutation harness
	$(BIN)/python -m parity.mutation run --every $(EVERY) --out $(OUT)/mutation.ndjson

analyze: $(STAMPS)/harden
	$(BIN)/python -m core.harden run --only analysis

# ---- judging ----------------------------------------------------------------

CASES ?= 100000
SEED ?= 1

parity: build
	$(BIN)/python -m parity run --cases $(CASES) --seed $(SEED)

# The Flask scenario runs in the environment of the drop-in.
bench: build build-bench $(STAMPS)/dropin
	$(BIN)/python -m bench run

bench-release: build build-bench $(STAMPS)/dropin
	$(BIN)/python -m bench run --release

bench-gate: build build-bench
	$(BIN)/python -m bench gate

.PHONY: build-bench
build-bench: $(STAMPS)/venv
	cmake --preset bench -DPython_EXECUTABLE=$(CURDIR)/$(BIN)/python --log-level=WARNING
	cmake --build --preset bench

endtoend: build $(STAMPS)/dropin
	DRIFTCORE_DROPIN_PYTHON=$(DROPIN)/bin/python $(BIN)/python -m parity.endtoend
	$(BIN)/python -m bench.scenarios requests

# Levels of reports/policy.toml.  The script makes what it needs, and reads WHEEL, CASES, SEED and OUT of the
# command line or the environment, but not their defaults here.
gate:
	scripts/signoff gate

signoff:
	scripts/signoff signoff

release-signoff:
	scripts/signoff release

DIR ?= reports/out
verify: build
	$(BIN)/python -m reports verify $(DIR)

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

# A C compiler with the C libraries of all platforms, from PyPI.
ZIG := ziglang==0.17.1
$(STAMPS)/portability: scripts/setup scripts/fetch-sources $(STAMPS)/venv
	scripts/setup portability
	scripts/fetch-sources build/sources
	rm -rf build/zig
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --target build/zig $(ZIG)
	@touch $@

# What cannot be had here ends with 3 and is told; it is no failure.
portability: build $(STAMPS)/portability
	$(BIN)/python -m scripts.platforms || test $$? = 3

# ---- the rest ---------------------------------------------------------------

tox: $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check tox
	$(BIN)/python -m tox

pythons:
	scripts/pythons fetch
	@scripts/pythons list

# Each Python of this machine, then the newest ones, each with a tox of its own; the last line judges.
NEWEST := py313,py314,py315
matrix: pythons $(STAMPS)/venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check tox
	-$(BIN)/python -m tox -e py39,py310,py311,py312,py313
	-scripts/pythons run sh -euc 'test -x build/newest/bin/tox || \
	    { python3.13 -m venv build/newest; build/newest/bin/pip install --quiet tox; }; \
	    ENDING=-newest build/newest/bin/tox -e $(NEWEST)'
	$(BIN)/python -m parity.matrix

clean:
	rm -rf build dist reports/out .tox
