# One target per habit. Plain `make` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

BIN := .parley/bin/parley
export PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD := 1
# The npm packages put a current Node into web/node_modules/.bin; npm scripts find it there by themselves.
WEB := npm --prefix web run --silent

.PHONY: help
help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' Makefile

.PHONY: run
run: build ## build everything and start Parley with demo data; Ctrl-C stops it
	@exec $(BIN) dev

.PHONY: build
build: postgres web ## install what is missing and build the one program
	@scripts/need-go.sh
	@go build -trimpath -o $(BIN) ./cmd/parley

.PHONY: test
test: ## everything CI runs: generated files, lint, Go tests with -race, web checks, browser tests
	@$(MAKE) postgres compiler web
	@$(MAKE) generated
	@$(MAKE) lint
	@$(MAKE) test-go
	@$(MAKE) test-web
	@$(MAKE) test-browser

.PHONY: test-go
test-go: postgres compiler ## the Go tests, with the race detector
	go test -race -timeout 30m ./...
	go test -run AtRandom ./eventstore
	go test -tags faults ./internal/fault

.PHONY: faults
faults: postgres compiler ## the long runs, up to an hour: kills at random, races by the thousand, property tests by the hundred thousand
	PARLEY_LONG=1 go test -timeout 70m ./cmd/parley ./commands ./domain/... ./eventstore ./eventstore/node ./reactions

.PHONY: test-web
test-web: web-deps ## type check, lint and unit tests of the web UI
	$(WEB) check
	$(WEB) test

.PHONY: test-browser
test-browser: build ## the web UI in a real browser against a real server
	@PARLEY_CHROMIUM="$$(scripts/chromium.sh)" && export PARLEY_CHROMIUM && $(WEB) e2e

.PHONY: lint
lint: ## gofmt, go vet and staticcheck
	@scripts/need-go.sh
	@scripts/gofmt.sh
	go vet ./...
	go vet -tags faults ./...
	go tool staticcheck ./...

.PHONY: generate
generate: web-deps ## write the generated code anew: gqlgen, and the web's types
	@scripts/need-go.sh
	go tool gqlgen generate
	$(WEB) generate

.PHONY: generated
generated: web-deps ## fail when the generated code is not what `make generate` writes
	@scripts/generated.sh

.PHONY: format
format: web-deps ## format Go and TypeScript
	gofmt -w $$(scripts/go-files.sh)
	$(WEB) format

.PHONY: bench
bench: postgres web ## measure; the figures and how they come about are in docs/benchmarks.md
	go run ./bench

.PHONY: web
web: web-deps ## build the web UI unless its sources are as they were
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
clean: ## remove what was built; keeps your data and the tools
	rm -rf .parley/bin .parley/stamps web/node_modules
	find web/dist -mindepth 1 ! -name .keep -delete

.PHONY: reset
reset: ## forget all local data of `make run`, after asking
	@scripts/reset.sh
