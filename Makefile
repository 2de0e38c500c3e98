# Lianzhu: `make graph` and `make test` do all their set-up by themselves.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: graph test soak bench lint lock wheel golden screenshots clean

graph: $(VENV)/.run
	@$(BIN)/kg build

test: $(VENV)/.dev
	@$(BIN)/python tests/run.py

soak: $(VENV)/.dev
	$(BIN)/python -m pytest -m soak -s --timeout 7200 tests

bench: $(VENV)/.dev
	$(BIN)/python tests/bench/bench.py

lint: $(VENV)/.dev
	$(BIN)/ruff check kg tests
	$(BIN)/mypy

wheel: $(VENV)/.dev
	$(BIN)/python -m build --wheel --no-isolation

# Regenerates the expected graph of the tiny corpus; read its diff like code.
golden: $(VENV)/.dev
	$(BIN)/python tests/golden/regenerate.py

screenshots: $(VENV)/.dev
	$(BIN)/python tests/browser/screenshots.py

# Pins anew, with hashes and without addresses (needs uv).
lock:
	uv pip compile pyproject.toml --generate-hashes --no-emit-index-url --no-annotate --no-header \
	  --universal --python-version 3.11 -o requirements/run.txt
	uv pip compile pyproject.toml --group dev --extra fast --extra cluster --extra rust --generate-hashes \
	  --no-emit-index-url --no-annotate --no-header --universal --python-version 3.11 -o requirements/dev.txt

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "需要 Python 3.11 或更新 / Python 3.11 or newer is needed (make PYTHON=python3.11 …)"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "缺 venv / venv is missing. 请运行 / run: apt-get install -y python3-venv"; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.run: requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "安装依赖 / installing dependencies …"
	@$(BIN)/python -m pip install -q --use-pep517 --require-hashes -r requirements/run.txt
	@$(BIN)/python -m pip install -q --no-deps --no-build-isolation --editable . 2>/dev/null || \
	  $(BIN)/python -m pip install -q --no-deps --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.run
	@echo "安装测试依赖 / installing what the tests need …"
	@$(BIN)/python -m pip install -q --use-pep517 --require-hashes -r requirements/dev.txt
	@touch $@

clean:
	rm -rf build dist $(VENV)
