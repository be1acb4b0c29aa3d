SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help

SWIFT_SOURCES := Package.swift Sources Tests Benchmarks Faults

.PHONY: help setup build test demo bench bench-quick bench-growth bench-rules faults faults-full format lint services-up services-down clean

help: ## show this list
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/' | expand -t 16

setup: ## install missing Debian packages (needs root or sudo; nothing to do: instant)
	@scripts/setup

build: setup ## build the release binary, .build/release/orderflow
	swift build -c release --product orderflow

test: setup ## run every test against private servers, which stay up for the next time
	@scripts/test

demo: setup ## let a trading day flow through private servers, and show what came of it
	@scripts/demo

bench: setup ## measure speed, its limits and latency, under 15 minutes; writes docs/performance.md
	@scripts/bench full

bench-quick: setup ## measure speed beside the usual worker alone, under 2 minutes
	@scripts/bench quick

bench-growth: setup ## measure how the cost grows with what is stored and waits, under an hour
	@scripts/bench growth

bench-rules: setup ## measure what rules cost, under 10 minutes; writes its part of docs/performance.md
	@scripts/bench rules

faults: setup ## break servers, workers and network under load, and judge what came of it, under 20 minutes
	@scripts/faults usual

faults-full: setup ## the same with all counts, as long as it takes; writes docs/reliability.md
	@scripts/faults full

format: ## format all Swift files in place
	swift format --in-place --parallel --recursive $(SWIFT_SOURCES)

lint: setup ## check format, the direction of imports, and the documents
	swift format lint --strict --parallel --recursive $(SWIFT_SOURCES)
	scripts/check-imports
	scripts/asyncapi-examples --check
	scripts/check-documents

services-up: setup ## start the private PostgreSQL and RabbitMQ, and say where they are
	@scripts/services up
	@scripts/services status
	@printf 'addresses: %s\n' "$$(scripts/services env)"

services-down: ## stop all private servers of this checkout; their data stays
	@scripts/services down --all

clean: ## remove build products, private servers and their data
	@scripts/services remove --all
	rm -rf .build .local
