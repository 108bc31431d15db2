# The two commands that do everything on a fresh machine: `make run` and `make test`.
SHELL := /bin/sh
PORT ?= 8080
export RASA_TELEMETRY_ENABLED = false
export TF_CPP_MIN_LOG_LEVEL = 3
export SQLALCHEMY_SILENCE_UBER_WARNING = 1
UV = $(shell ./scripts/find-uv.sh)
RUN = $(UV) run --frozen --no-sync

.PHONY: run test install check train help

help:
	@echo "make run    install what is needed and serve http://127.0.0.1:$(PORT)"
	@echo "make test   install what is needed, check the code and run the tests"

install:
	$(UV) sync --frozen --quiet

run:
	$(UV) sync --frozen --quiet --no-dev --inexact
	exec $(RUN) farun up --port $(PORT)

check: install
	$(RUN) ruff check .
	$(RUN) mypy
	$(RUN) farun kb check

train: install
	$(RUN) farun train

test: check train
	$(RUN) pytest
