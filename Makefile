# The short commands in front of Meson. `make run` and `make test` are all that a newcomer needs.
# Each installs what it misses (tools/install-deps asks dpkg first, so nothing happens without a need).

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PREFIX ?= /usr/local
VAR ?= var
LISTEN ?= 127.0.0.1:62443
T ?= 60
JOBS ?= $(shell nproc)
# Two more than there are processors, since a test also waits for disks, timers and its server.
TESTS ?= $(shell expr $(JOBS) + 2)

ZW := build/zw

# With STORE=postgres every data directory that a test makes has its rows in a private PostgreSQL.
STORE ?= sqlite
ON_POSTGRES := $(filter postgres,$(STORE))

# Address and undefined-behaviour sanitizers; -O1 keeps their stacks readable at half the time of -O0.
TEST_SETUP := -Db_sanitize=address,undefined -Db_lundef=false -Db_pie=false -Db_staticpic=false -Ddebug=true -Doptimization=1

.PHONY: all deps run test check bench fuzz fault fault-packs drill soak package install clean help

all: build/build.ninja                  ## build/zw
	ninja -C build -j $(JOBS) zw

build/build.ninja:
	meson setup build --prefix $(PREFIX)

build-test/build.ninja:
	meson setup build-test $(TEST_SETUP)

deps:                                   ## install the packages that building and testing need
	@tools/install-deps run

# What a killed init leaves behind has no store.db and is taken over by the next one.
run: deps all                           ## the sample plant in VAR: its levels, the gap report, served on LISTEN
	@[ -e $(VAR)/store.db ] || $(ZW) --data $(VAR) init --sample
	@$(ZW) --data $(VAR) sl
	@$(ZW) --data $(VAR) report gap -o $(VAR)-gap.html
	@exec $(ZW) --data $(VAR) serve --listen $(LISTEN)

test: deps build-test/build.ninja       ## every test that needs no special machine, under sanitizers; STORE=postgres
	@tools/install-deps test
	@ninja -C build-test -j $(JOBS)
	@python3 tests/tools/postgres.py $(if $(ON_POSTGRES),,--offer) tools/test-summary build-test --no-rebuild --num-processes $(TESTS)

check:                                  ## formatter, both compilers, linters, our own checkers
	@tools/install-deps run check
	@tools/check

bench:                                  ## measure against the peers, write bench/results/*.json
	@tools/install-deps run bench
	@$(MAKE) all
	@bench/run

fuzz:                                   ## T=seconds for each parser
	@tools/install-deps run check
	@tests/fuzz/run $(T)

fault: deps $(if $(ON_POSTGRES),all)    ## T=seconds of failing calls and kills; KILLS=at least so many; STORE=postgres MINUTES=n
	@$(if $(ON_POSTGRES),python3 tests/fault/nodes.py $(ZW) $(or $(MINUTES),1),tests/fault/run $(T) $(if $(KILLS),--kills $(KILLS)))

fault-packs: deps build/build.ninja     ## PACKS=so many evidence packs altered at random, judged by both verifiers
	@ninja -C build -j $(JOBS) --quiet zw tests/fault/fault_packs
	@PYTHONPATH=tests/tools ZONEWRIGHT_SOURCE=$(CURDIR) python3 tests/fault/test_packs.py build/tests/fault/fault_packs build/zw $(or $(PACKS),100000) $(or $(SEED),1)

drill: deps all                         ## failover, recovery, pooler, roles, TLS and the walk-through to three servers, as the documentation says
	@tools/install-deps test drill
	@python3 tests/fault/drills.py $(ZW)

soak: deps all                          ## T=seconds of load on one server (600)
	@python3 tests/fault/soak.py $(ZW) $(or $(T),600)

package: deps                           ## dist/zonewright_VERSION_ARCH.deb, with a systemd unit
	@[ -e build-package/build.ninja ] || meson setup build-package --prefix /usr --buildtype release >/dev/null
	@ninja -C build-package -j $(JOBS) --quiet zw zw.1 zw.bash zonewright.conf
	@tools/package build-package dist

install: all                            ## install build/zw (DESTDIR is honoured)
	meson install -C build --no-rebuild

clean:                                  ## remove what was built; var and bench/results stay
	rm -rf build build-* dist

help:                                   ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-11s %s\n", $$1, $$2 }' Makefile
