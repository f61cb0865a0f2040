# Two commands are enough: `make up` and `make test`. `make help` lists the rest.
.DEFAULT_GOAL := help
.PHONY: up setup test soak check passwords demo lock clean help

up: ## set up what is missing, start everything, stay until Ctrl-C
	@python=$$(scripts/python) && exec "$$python" scripts/up

setup: ## the set-up alone
	@python=$$(scripts/python) && exec "$$python" scripts/up --only-setup

test: ## set up what is missing, then run all tests (ARGS="-k word" for some)
	@python=$$(scripts/python) && exec "$$python" scripts/test $(ARGS)

soak: ## the long crash tests: workers by many seeds (SOAK_SEEDS=50), robots at every step
	@python=$$(scripts/python) && exec "$$python" scripts/test -m soak $(ARGS)

check: ## set up what is missing, then style, types, imports, licences, house rules
	@python=$$(scripts/python) && exec "$$python" scripts/check

passwords: ## new one-time passwords for the demo accounts
	@python=$$(scripts/python) && "$$python" scripts/with-settings .venv/bin/desk demo-accounts --renew

lock: ## work out requirements/*.lock anew (ARGS=--upgrade for the newest versions)
	@scripts/lock $(ARGS)

demo: ## the sample company's orders made anew, dated from today (what robots did is gone)
	@python=$$(scripts/python) && "$$python" scripts/with-settings .venv/bin/python -m automation.backoffice --seed

clean: ## remove what was installed, built or made, your data too; asks for SURE=1
	@scripts/clean $(SURE)

help:
	@sed -n 's/^\([a-z]*\): ## /\1\t/p' $(MAKEFILE_LIST) | expand -t 14
