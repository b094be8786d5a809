# Everything here works on a fresh machine with Python 3.11+, git and make.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
WORKERS ?= 2

.PHONY: demo test check slow self-scan docs bench catalog-check clean

demo: $(STAMP)
	$(BIN)/shadowscan demo

test: $(STAMP)
	$(BIN)/pytest -n $(WORKERS) -m "not slow"

slow: $(STAMP)
	$(BIN)/pytest -n $(WORKERS) -m slow

# Every object of this repository's own history, by its own tool: no key of anybody in any commit.
self-scan: $(STAMP)
	rm -rf build/self
	git clone --quiet --mirror . build/self
	$(BIN)/shadowscan scan build/self --select 'keys.*' --all-secrets --quiet --db :memory:

check: $(STAMP)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python -m docs.generate --check
	$(BIN)/python -m shadowscan.catalog.check

# FILES="shadowscan/catalog/vendors/openai.yaml …" looks at these only, and shows their notices.
# LIST=hosts.txt tells how much of any list of hosts the catalogue knows.
catalog-check: $(STAMP)
	$(BIN)/python -m shadowscan.catalog.check $(FILES) $(if $(LIST),--list $(LIST))

docs: $(STAMP)
	$(BIN)/python -m docs.generate

bench: $(STAMP)
	$(BIN)/pip install -q --group bench
	$(BIN)/python -m bench.ci --install
	$(BIN)/python -m bench.bills
	$(BIN)/python -m bench.collect
	$(BIN)/python -m bench.collect_json
	$(BIN)/python -m bench.enrich
	$(BIN)/python -m bench.history
	$(BIN)/python -m bench.hiding --rivals
	$(BIN)/python -m bench.match
	$(BIN)/python -m bench.calibration

$(STAMP): pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install -q --upgrade "pip>=25.1"
	$(BIN)/pip install -q -e ".[fast]" --group dev
	touch $(STAMP)

clean:
	rm -rf $(VENV) build dist .mypy_cache .ruff_cache .hypothesis .import_linter_cache
