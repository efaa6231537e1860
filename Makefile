# The two commands: `make demo` runs the main job, `make test` passes the tests. They make their own environment in .venv.
PYTHON ?= python3
JOBS ?= auto
BIN := .venv/bin
ARTICLES ?= $(wildcard ../shared/articles)
WIKINEWS ?= $(wildcard ../shared/wikinews)
OUT := out
PARALLEL := -n $(JOBS) --dist loadfile --no-loadscope-reorder

.PHONY: demo test quick lint build bench results docs label-studio clean

demo: .venv/demo
	$(BIN)/python scripts/build_dataset.py
	$(BIN)/volgens run eval/baselines/rules.py:extract --out $(OUT)/rules-own.jsonl --fresh
	$(BIN)/volgens score $(OUT)/rules-own.jsonl --html $(OUT)/report.html --ceiling eval/results/reading-1-own.json
ifneq ($(ARTICLES),)
	$(BIN)/python scripts/build_dataset.py --articles $(ARTICLES)
	$(BIN)/volgens run eval/baselines/rules.py:extract --gold restored --config anp --out $(OUT)/rules-anp.jsonl --fresh
	$(BIN)/volgens score $(OUT)/rules-anp.jsonl --gold restored --config anp
endif
	@echo "The report of the baseline: $(OUT)/report.html"

test: lint
	$(BIN)/python -m pytest -q $(PARALLEL)

quick: .venv/dev
	$(BIN)/python -m pytest -q -m "not slow" $(PARALLEL)

lint: .venv/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

build: .venv/demo
	$(BIN)/python scripts/build_dataset.py

bench: .venv/dev
	$(BIN)/python eval/bench/bench.py

results: .venv/dev
	$(BIN)/python scripts/score_results.py --all --board $(OUT)/board $(if $(ARTICLES),--articles $(ARTICLES)) \
	  $(if $(WIKINEWS),--wikinews $(WIKINEWS))
	$(BIN)/python scripts/fill_readme.py

docs: .venv/dev
	DISABLE_MKDOCS_2_WARNING=true NO_MKDOCS_2_WARNING=true $(BIN)/python -m mkdocs build --strict
	@echo "The site: $(OUT)/site/index.html"

label-studio: .venv/dev
	$(BIN)/volgens label serve

.venv/demo .venv/dev: pyproject.toml
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'pip>=25.1' 'uv>=0.7'
	$(BIN)/uv pip install --quiet --python $(BIN)/python --editable . --group $(@F) || \
	  $(BIN)/python -m pip install --editable . --group $(@F)
	touch $@

clean:
	rm -rf .venv $(OUT) restored
