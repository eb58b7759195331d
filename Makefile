# Two commands do everything on a fresh machine: `make preview` and `make test`.
.PHONY: preview test check install bench

preview: install
	@bin/netra preview

test: check
	@npm test --silent

check: install
	@npm run --silent check

bench: install
	@npm run --silent bench

install: node_modules/.package-lock.json

# No package here needs its install script, and a lockfile is all that a registry is asked for.
node_modules/.package-lock.json: package-lock.json
	@npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@
