# Everything below works in a fresh clone: what is missing is provided first.
.DEFAULT_GOAL := help
.PHONY: help demo test test-click test-upgrade test-uninstall test-concurrency invariants trail lint i18n screenshots picture golden holidays mutants bench clean

help: ## list these targets
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-16s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: ## three cases from the ledger to the certificate, then serve them (PORT=8069)
	@PORT='$(or $(PORT),8069)' exec dev/demo

test: ## install on a fresh database and run the whole suite
	@exec dev/test

test-upgrade: ## upgrade releases 19.0.1.0.0 and 19.0.1.3.0 with cases in every state, and lose nothing (part of make test)
	@exec dev/test-upgrade

test-uninstall: ## install, use and uninstall: nothing stays, nothing of others goes (part of make test)
	@exec dev/test-uninstall

test-concurrency: ## votes, closes, kills and attacks with real connections (part of make test)
	@exec dev/test-concurrency

test-click: ## Odoo's crawler opens every menu, view and filter of the addon as each role, on the demo's data
	@exec dev/test-click

mutants: ## put small faults into the code of vote, steps and access: which of them does no test notice (takes an hour or two)
	@exec dev/mutants

invariants: ## check a database against what must always hold (DB=wz_demo)
	@exec dev/invariants -d '$(or $(DB),wz_demo)'

trail: ## verify the audit trail of a database (DB=wz_demo, EXPECT=head noted before)
	@EXPECT='$(EXPECT)' exec dev/trail -d '$(or $(DB),wz_demo)'

lint: ## check style, Odoo's rules, method lengths, record rules and the translation
	@exec dev/lint

i18n: ## refresh the translation files from the source
	@exec dev/i18n-update

screenshots: ## refresh the pictures in docs/images: the tours of the tests and the demo show their screens
	@exec dev/screenshots

picture: ## draw the rooms and the states from the code, and the table of the notice's paragraphs (docs/architecture.md)
	@exec dev/picture

golden: ## draw the pictures anew with which the tests compare the printed forms; look at them
	@exec dev/golden

holidays: ## take the State Council's schedules anew from the pinned package that follows them
	@exec dev/holidays

bench: ## run the benchmarks and write benchmarks/RESULTS.md (BASE=commit: new ÷ old of each line instead)
	@BASE='$(BASE)' exec dev/bench

clean: ## remove databases and other files made in this checkout
	@exec dev/clean
