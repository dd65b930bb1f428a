# The two that a newcomer needs: `make run` and `make test`. Both install what is missing and build.
.PHONY: run test format lint bench crash simulate month drill fuzz docs schema picture setup

PORT ?= 8080
DATA ?=

# PostgreSQL, the demo catalogue and every door on http://127.0.0.1:$(PORT), until Ctrl-C.
run: setup
	scripts/run "$(PORT)" "$(DATA)"

# Every test, against a real PostgreSQL of their own.
test: setup
	scripts/test

format:
	swift format -i -r Sources Tests Benchmarks/Sources Benchmarks/Package.swift

lint:
	swift format lint -r --strict Sources Tests Benchmarks/Sources Benchmarks/Package.swift
	scripts/embed-sql --check
	scripts/swagger-ui --check

# Against the same rows written without it, on this machine; WRITE=1 writes docs/performance.md.
bench: setup
	scripts/bench

# Kills server, worker and PostgreSQL under load and looks what is left: docs/crashes.md.
# KILLS=300 SEED=1, or SCENARIO=full-disk (or all) for one kind of trouble.
crash: setup
	scripts/crash

# Random commands through the engine's rules and through a model of them: docs/simulation.md.
# SEED=1 COMMANDS=10000000, or SCRIPT=file to play one again.
simulate: setup
	scripts/simulate

# A month in the life of a sandbox, through keys and commands, with books of its own beside it: docs/sandbox.md.
# JSON=1 for a machine, DATA=folder to keep what was written.
month: setup
	scripts/month

# Backs up an installation that sells, loses it, restores it three ways and looks what is there: docs/backup.md.
drill: setup
	scripts/drill

# Random input for every parser, so many seconds for each: docs/bad-input.md.
fuzz: setup
	scripts/fuzz "$(or $(SECONDS),60)"

# The page at /docs as Chromium shows it, looked through and drawn into PICTURE; installs Chromium where it is missing.
picture: setup
	scripts/picture "$(or $(PICTURE),.build/docs-gate.png)"

# The modules' pages, as DocC archives under .build/docs.
docs:
	scripts/docs

# After a change in sql/migrations or sql/invariants: the schema as Swift and as one page.
schema:
	scripts/embed-sql
	UPDATE_FIXTURES=1 swift test --disable-xctest --filter SchemaSnapshotTests

setup:
	@scripts/setup
