# Thin wrappers: what is missing is installed, then CMake presets do the work.
.PHONY: run check test test-all test-cluster fuzz bench bench-leadtime bench-band bench-what-if bench-managed bench-noise bench-cost catalogue rules dashboards pictures manifests release format build-% deps servers

export CCACHE_DIR ?= $(or $(XDG_CACHE_HOME),$(HOME)/.cache)/etcd-headroom/ccache
# Relative paths, so that another clone of the same sources finds what is in the cache.
export CCACHE_BASEDIR := $(CURDIR)
export CCACHE_NOHASHDIR := 1
# Part of ccache's key.
export LANG := C.UTF-8
export CTEST_PARALLEL_LEVEL ?= 2
JOBS ?= 2

deps:
	@tests/tools/install_dependencies.sh

# The etcd servers that the integration tests run and the tools for deploy/, where Go is there to build them.
servers: deps
	@tests/tools/build_etcd.sh
	@tests/tools/build_deploy_tools.sh

build-%: deps
	@echo "== building preset $*"
	@cmake --preset $* >build-$*.log 2>&1 || { cat build-$*.log; rm -f build-$*.log; exit 1; }
	@rm -f build-$*.log
	@cmake --build --preset $* -j $(JOBS)

# The exporter with Prometheus, the rules and Alertmanager beside a throw-away etcd that fills up, with FILL=1 until it refuses
# writes; or beside the etcd that ENDPOINTS (with CACERT, CERT, KEY) names.
run:
	@tests/tools/install_dependencies.sh run
	@echo "== building the exporter and the load tool"
	@cmake --preset run >/dev/null
	@cmake --build --preset run -j $(JOBS) --target etcd-headroom-exporter loadgen
	@HEADROOM_EXPORTER=build/run/exporter/etcd-headroom-exporter HEADROOM_LOADGEN=build/run/tests/tools/loadgen/loadgen \
		exec tests/tools/run.py --endpoints="$(ENDPOINTS)" --cacert="$(CACERT)" --cert="$(CERT)" --key="$(KEY)" $(if $(FILL),--fill)

# Three tiers, each with all of the one before. What is cheap comes first.
# Format, lints, unit tests.
check: build-release
	ctest --preset release -LE slow

# What a change has to pass, and what CI runs.
test: check
	$(MAKE) build-asan
	ctest --preset asan -LE slow
	$(MAKE) servers
	ctest --preset release -L slow -LE all
	ctest --preset asan -L slow -LE all

# The exporter beside a real Kubernetes, built from source at the first run.
test-cluster: build-release
	@tests/tools/install_dependencies.sh cluster
	@tests/tools/build_etcd.sh
	@tests/tools/build_deploy_tools.sh
	ctest --preset release -L cluster

# Every etcd version, both sanitizers over all integration tests, every replay, clang-tidy, each file compiled by itself: hours.
test-all: export HEADROOM_TEST_ALL := 1
test-all: test build-debug build-tsan
	@tests/tools/install_dependencies.sh cluster
	ctest --preset release -L all
	ctest --preset tsan
	ctest --preset asan -L all

# Long runs of the fuzzers, ten minutes each unless FUZZ_SECONDS says otherwise.
fuzz: build-asan
	FUZZ_SECONDS=$${FUZZ_SECONDS:-600} ctest --preset asan -L fuzz

# What the exporter costs, beside etcd's own page and etcdctl; takes about half an hour.
bench: build-release
	for part in footprint churn hot_path analyze inventory namespaces; do tests/bench/$$part.py || exit 1; done >build/RESULTS.md
	mv build/RESULTS.md tests/bench/RESULTS.md
	@cat tests/bench/RESULTS.md

# How long before NOSPACE the rules warn, beside other bundles; about five minutes.
bench-leadtime: deps
	tests/leadtime/leadtime.py --write tests/leadtime/RESULTS.md

# How often a random fill ends within the band of the forecast; about half an hour.
bench-band: deps
	tests/leadtime/band.py --write tests/leadtime/RANDOM_FILLS.md

# What `report` says of a change, beside what a real etcd then does; about half an hour.
bench-what-if: build-release servers
	HEADROOM_EXPORTER=build/release/exporter/etcd-headroom-exporter HEADROOM_LOADGEN=build/release/tests/tools/loadgen/loadgen \
		tests/leadtime/what_if.py --write tests/leadtime/WHAT_IF.md

# Lead time with the API server's metrics alone, as on managed control planes, and what ordinary life fires; about ten minutes.
bench-managed: deps
	tests/leadtime/managed.py --write tests/leadtime/MANAGED.md
	tests/leadtime/noise.py --managed --days=8 --write tests/leadtime/MANAGED_NOISE.md

# How often ordinary life fires an alert: ten clusters over 30 days; about half an hour.
bench-noise: deps
	tests/leadtime/noise.py --write tests/leadtime/NOISE.md

# What the rules cost a Prometheus with 100 clusters of three members; about five minutes.
bench-cost: deps
	tests/leadtime/cost.py --write tests/leadtime/COST.md

# The generated table of metrics.
catalogue: deps
	@cmake --preset release >/dev/null
	@cmake --build --preset release -j $(JOBS) --target catalogue
	build/release/tests/tools/catalogue > exporter/METRICS.md

# The YAML of the rules, from their source.
rules: deps
	jsonnetfmt -i rules/*.libsonnet rules/*/*.libsonnet
	rules/render.py

# The boards, from their source; and what they look like (needs Debian's chromium and python3-pil; several minutes).
dashboards:
	npm --prefix dashboards/source ci --ignore-scripts
	npm --prefix dashboards/source run generate

pictures: build-release
	tests/dashboards/pictures/take.py

# The plain manifests, rendered from the Helm chart.
manifests: servers
	HELM=$(or $(XDG_CACHE_HOME),$(HOME)/.cache)/etcd-headroom/tools/helm deploy/render.sh

# Image, package, chart, manifests, mixin, SBOM, checksums and notes of the commit that is checked out, in build/release-artefacts.
release: deps
	deploy/release/release.sh

format: deps
	git ls-files '*.cc' '*.h' | xargs clang-format -i
	tests/lint/ruff.sh --fix || test $$? -eq 77
	tests/dashboards/source.sh --fix || test $$? -eq 77
