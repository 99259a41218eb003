# Newcomers need `make nightly` and `make test`. Both set up everything themselves.

PYTHON ?= python3
VENV ?= .venv
BIN := $(VENV)/bin
# Arguments for the program: make nightly ARGS="--fma download"
ARGS ?=

.PHONY: help nightly test pytest test-long lint unit e2e bench lock docs clean-venv

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' Makefile

nightly: $(VENV)/.ready ## set up, and run the whole pipeline: make nightly ARGS="--fma download"
	$(BIN)/genrelab nightly $(ARGS)

# Both at once: lint uses one core for its half minute.
test: $(VENV)/.ready-dev ## set up, and run lint, types, import contracts and all tests but the long ones
	@$(MAKE) --no-print-directory --jobs 2 lint pytest

# The longest files first, so that the many short ones fill the gaps at the end; pytest sorts what lies in one folder.
LONGEST := tests/e2e tests/integration tests/browser tests/unit/tasks tests/unit/models tests/unit/report
SHORTER := $(filter-out $(LONGEST) %__pycache__, $(patsubst %/,%,$(wildcard tests/unit/*/ tests/unit/test_*.py)))

# NumPy reads its number of threads before tests/conftest.py can set it, as that does for OpenMP. Programs that the tests
# start load compiled code, as those of users do.
pytest unit e2e: export OPENBLAS_NUM_THREADS ?= 1
pytest unit e2e: export PYTHONDONTWRITEBYTECODE =
pytest: $(VENV)/.ready-dev ## all tests but the long ones, without lint
	$(BIN)/python -m pytest $(LONGEST) $(SHORTER) -m "not long" -n 2 --dist loadfile --no-loadscope-reorder

lint: $(VENV)/.ready-dev ## check style, spelling, types, import contracts and generated docs (.pre-commit-config.yaml)
	PATH="$(abspath $(BIN)):$$PATH" $(BIN)/pre-commit run --all-files

unit: $(VENV)/.ready-dev ## run only the unit and integration tests
	$(BIN)/python -m pytest tests/unit tests/integration -m "not long" -n 2 --dist loadfile

e2e: $(VENV)/.ready-dev ## run only the end-to-end and browser tests
	$(BIN)/python -m pytest tests/e2e tests/browser -m "not long"

test-long: $(VENV)/.ready-dev ## run the tests that take minutes each
	$(BIN)/python -m pytest -m long --timeout 3600

bench: $(VENV)/.ready-dev ## run the benchmarks behind the documented speeds
	$(BIN)/python benchmarks/binning.py
	$(BIN)/python benchmarks/pulls.py
	$(BIN)/python benchmarks/scraper.py
	$(BIN)/python benchmarks/clusters.py
	$(BIN)/python benchmarks/models.py forest
	$(BIN)/python benchmarks/models.py artists
	$(BIN)/python benchmarks/models.py zoo
	$(BIN)/python benchmarks/nightly.py
	$(BIN)/python benchmarks/origin.py
	$(BIN)/python benchmarks/places.py time
	$(BIN)/python benchmarks/fma_archive.py build/bench-fma
	$(BIN)/python benchmarks/fma_ingest.py build/bench-fma
	$(BIN)/python benchmarks/validation.py build/bench-fma
	$(BIN)/python benchmarks/structure.py
	$(BIN)/python benchmarks/growth.py
	$(BIN)/python benchmarks/multilabel.py
	$(BIN)/python benchmarks/audio.py
	$(BIN)/python benchmarks/serving.py
	PYTHONPATH=tests/helpers $(BIN)/python benchmarks/lake_on_s3.py

docs: $(VENV)/.ready-dev ## regenerate the data dictionary
	$(BIN)/python -m genrelab_cli.docs

# Versions and hashes, but no index address: the installation chooses the index.
lock: $(VENV)/.ready-dev ## regenerate the lock files with new versions
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --output-file requirements.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dev --extra audio --extra s3 --extra dask --constraint requirements.lock pyproject.toml --output-file requirements-dev.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra umap --constraint requirements.lock pyproject.toml --output-file requirements-umap.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra audio --constraint requirements.lock pyproject.toml --output-file requirements-audio.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra s3 --constraint requirements.lock pyproject.toml --output-file requirements-s3.lock
	$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --extra dask --constraint requirements.lock pyproject.toml --output-file requirements-dask.lock
	for lock in requirements.lock requirements-dev.lock requirements-umap.lock requirements-audio.lock requirements-s3.lock requirements-dask.lock; do $(BIN)/python tools/pin_extras.py $$lock; done

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "genrelab needs Python 3.11 or newer, found " + sys.version.split()[0] + "; name another one: make PYTHON=python3.12 nightly")'
	@$(PYTHON) -c 'import ensurepip, venv' || { echo "Python has no venv module; on Debian: apt-get install python3-venv"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.ready: $(VENV)/bin/python requirements.lock pyproject.toml
	@echo "Installing the locked dependencies into $(VENV) (once, a minute or two) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.ready-dev: $(VENV)/bin/python requirements-dev.lock pyproject.toml
	@echo "Installing the locked development dependencies into $(VENV) (once, a minute or two) ..."
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --require-hashes -r requirements-dev.lock
	@$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/.ready

clean-venv: ## remove the virtual environment
	rm -rf $(VENV)
