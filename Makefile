# Plain `make` lists the targets.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .parley/bin/parley
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# One of the npm packages is a current Node; npm scripts find it in web/node_modules/.bin.
WEB := npm --prefix web run --silent

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: build ## build everything and start Parley with demo data; Ctrl-C stops it
	@exec $(BIN) dev

.PHONY: build
build: postgres web ## install missing tools and build the program
	@scripts/need-go.sh
	@go build -trimpath -o $(BIN) ./cmd/parley

.PHONY: test
test: ## everything CI runs: generated files, lint, Go tests with -race, web checks, browser tests
	@$(MAKE) postgres compiler web
	@$(MAKE) generated
	@$(MAKE) --jobs=2 lint test-web
	@$(MAKE) test-go
	@$(MAKE) test-browser

.PHONY: test-go
test-go: postgres compiler ## Go tests with the race detector
	go test -race -timeout 60m ./...
	PARLEY_TEST_POSITIONS=wide go test -race -run '$(WIDE_FEW)' ./eventstore ./internal/node ./projections/engine \
		./internal/live ./cmd/parley
	go test -run AtRandom ./eventstore
	go test -tags faults ./internal/fault

# What depends on positions in the log, and a few tests of it for every run.
WIDE = ./eventstore ./internal/node ./projections/... ./internal/live ./internal/monitoring ./internal/verify \
	./reactions ./commands ./cmd/parley
WIDE_FEW = ^Test(TheNodePassesTheEventStoreSuite|ASubscription.*|ACopyHas.*|ARestartResumesAtTheCheckpoint|$\
	ALostConnectionNeither.*|AReconnecting.*|AReconnectedDesktop.*|ReadinessTells.*)$$

.PHONY: test-wide
test-wide: postgres compiler ## tests with positions that are wide and uneven, as on a KurrentDB
	PARLEY_TEST_POSITIONS=wide go test -timeout 60m $(WIDE)

.PHONY: faults
faults: postgres compiler ## long test runs, up to an hour: random kills, thousands of races, many property tests
	PARLEY_LONG=1 go test -timeout 70m ./cmd/parley ./commands ./domain/... ./eventstore ./internal/node ./reactions

.PHONY: test-web
test-web: web-deps ## type check, lint and unit tests of the web UI
	$(WEB) check
	$(WEB) test

.PHONY: test-browser
test-browser: build ## test the web UI in a real browser against a real server
	@PARLEY_CHROMIUM="$$(scripts/chromium.sh)" && export PARLEY_CHROMIUM && $(WEB) e2e

.PHONY: lint
lint: ## gofmt, go vet and staticcheck
	@scripts/need-go.sh
	@scripts/gofmt.sh
	go vet ./...
	go vet -tags faults ./...
	go tool staticcheck ./...

.PHONY: generate
generate: web-deps ## regenerate code: gqlgen and the types of the web UI
	@scripts/need-go.sh
	go tool gqlgen generate
	$(WEB) generate

.PHONY: generated
generated: web-deps ## fail if the generated code is out of date
	@scripts/generated.sh

.PHONY: format
format: web-deps ## format Go and TypeScript
	gofmt -w $$(scripts/go-files.sh)
	$(WEB) format

.PHONY: bench
bench: postgres web ## run the benchmarks; docs/benchmarks.md explains the figures
	go run ./bench

.PHONY: web
web: web-deps ## build the web UI if its sources have changed
	@scripts/web-build.sh

.PHONY: web-deps
web-deps:
	@scripts/web-deps.sh

.PHONY: postgres
postgres:
	@scripts/postgres.sh

.PHONY: compiler
compiler:
	@scripts/compiler.sh

.PHONY: image
image: ## build the container image
	docker build -t parley .

.PHONY: clean
clean: ## remove build results; keeps your data and the tools
	rm -rf .parley/bin .parley/stamps web/node_modules
	find web/dist -mindepth 1 ! -name .keep -delete

.PHONY: reset
reset: ## delete all local data of `make run` after asking
	@scripts/reset.sh
