# Kehou: every command begins with a working .venv.
PYTHON ?= python3
BIN := .venv/bin

ENGLISH := core/web/translations/en/LC_MESSAGES/messages

.PHONY: install run test soak check docs bench pins clean

install: .venv/.installed $(ENGLISH).mo

.venv/.installed: requirements/run.txt pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/run.txt
	$(BIN)/python -m pip install -qq --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

$(ENGLISH).mo: $(ENGLISH).po .venv/.installed
	$(BIN)/pybabel --quiet compile --domain messages --directory core/web/translations

.venv/.developed: requirements/dev.txt .venv/.installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements/dev.txt
	@touch $@

run: install
	$(BIN)/kehou serve --demo

test: .venv/.developed $(ENGLISH).mo
	$(BIN)/python tests/browser/chromium.py
	$(BIN)/python -m pytest -n 2 --dist loadscope --no-loadscope-reorder $(ARGS)

SEED ?= 20261123
KILLS ?= 200
LIVES ?= 60
BOOKINGS ?= 1000
CROWD ?= 1000
soak: .venv/.developed $(ENGLISH).mo
	$(BIN)/python -m tests.soak --seed $(SEED) --kills $(KILLS) --lives $(LIVES) \
		--bookings $(BOOKINGS) --crowd $(CROWD)

check: .venv/.developed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/kehou check
	$(BIN)/codespell

docs: install
	$(BIN)/python -m infra.reference

bench: .venv/.developed
	$(BIN)/python -m tests.bench $(ARGS)

# New pins after a change of pyproject.toml; versions and hashes only, no addresses.
PIN := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header \
	--no-annotate --no-emit-index-url --no-emit-find-links pyproject.toml
pins:
	$(PIN) --extra build --extra local --extra aws --extra dev -o requirements/dev.txt
	$(PIN) --extra build --extra local -c requirements/dev.txt -o requirements/run.txt
	$(PIN) --extra aws -c requirements/dev.txt -o requirements/aws.txt

clean:
	rm -rf .venv build
