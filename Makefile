# vaultperf. `make run` and `make test` are the two commands of the README.

GOLANGCI  := go run github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
BINARY    := out/bin/vaultperf
BUNDLE    := report/html/assets/echarts.js
CONTRACTS := extract/testchain/compiled/contracts.json
ANVIL     := cmd/realvaults/contracts/node_modules/.package-lock.json

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 12

.PHONY: run
run: build ## run the main job on the embedded sample
	$(BINARY) run

.PHONY: build
build: bundle ## make the chart bundle and the binary
	go build -trimpath -buildvcs=auto -o $(BINARY) ./cmd/vaultperf

.PHONY: bundle
bundle: $(BUNDLE) ## make the chart bundle from the npm package, and compare its hash

$(BUNDLE): $(filter-out report/html/bundle/node_modules,$(wildcard report/html/bundle/*))
	cd report/html/bundle && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
	@touch $@

.PHONY: contracts
contracts: $(CONTRACTS) ## compile the test chain's contracts

$(CONTRACTS): $(filter-out extract/testchain/contracts/node_modules,$(wildcard extract/testchain/contracts/*))
	cd extract/testchain/contracts && npm ci --ignore-scripts --no-audit --no-fund && node build.mjs
	@touch $@

.PHONY: anvil
anvil: $(ANVIL) ## install the node that plays the vaults' own code

$(ANVIL): cmd/realvaults/contracts/package.json cmd/realvaults/contracts/package-lock.json
	cd cmd/realvaults/contracts && npm ci --ignore-scripts --no-audit --no-fund
	@touch $@

.PHONY: devchain
devchain: contracts ## serve the test chain on 127.0.0.1:8545
	go run ./cmd/devchain

# The longest package goes first, so that no processor waits for it in the end. Tests have
# memory to spare: where garbage is collected a fourth as often, those of the test chain
# and of archives take a quarter less. Two packages run side by side, so each has one
# processor; what they start has all.
TESTS  := ./transform/... ./...
GOTEST := GOGC=400 go test -cpu 1
RACE   := GOGC=400 go test -race -short -shuffle=on -timeout 1h

.PHONY: test
test: bundle contracts tools ## all tests, random suites in their short form: five minutes on two cores
	$(GOTEST) -short -timeout 1h $(TESTS)

# The race detector watches the packages that start goroutines, but not the test chain:
# an EVM that it watches takes a quarter of an hour. Of the command, whole runs are enough.
RACED := $(addprefix ./extract/,archive decode fetch rpc state) ./extract ./report

.PHONY: check
check: fmt lint tidy bundle-hash contracts anvil tools ## what CI runs: lint, all tests in full, races
	$(GOTEST) -shuffle=on -timeout 1h $(TESTS)
	$(RACE) $(RACED)
	$(RACE) -run 'TestPlan|TestFigures|TestFailed|TestRunStopped|TestManyRows' ./transform
	$(RACE) -run 'TestSampleRun|TestStages|Progress' ./cmd/vaultperf/...

.PHONY: fmt
fmt: ## fail if a file is not formatted
	$(GOLANGCI) fmt --diff

.PHONY: lint
lint: bundle contracts ## import direction and style
	$(GOLANGCI) run

.PHONY: tidy
tidy: ## fail if go.mod is not tidy
	go mod tidy -diff
	go mod verify

.PHONY: bundle-hash
bundle-hash: bundle ## fail if the chart bundle is not the one expected
	cd report/html/assets && echo "$$(cut -d' ' -f1 ../bundle/echarts.sha256)  echarts.js" | sha256sum --check --quiet

.PHONY: golden
golden: ## rewrite expected outputs and the documents' tables; review the diff like code
	go test ./transform/generate ./extract/family -update
	go test ./transform -run 'TestColumns|TestCases|TestMetricsReadme' -update
	go test ./cmd/vaultperf -run TestMartsDocument -update
	git diff --stat

.PHONY: bench
bench: bundle contracts ## benchmark each stage
	go test -v -run '^$$' -bench . -benchtime 3x -timeout 30m ./...

# The memory of a process is looked at before other tests have filled it.
.PHONY: prove
prove: bundle contracts anvil tools ## all tests in their longest form: hundreds of random histories, ten million logs
	VAULTPERF_PROVE=1 go test -v -timeout 3h -run MemoryIsFlat ./...
	VAULTPERF_PROVE=1 go test -v -timeout 3h -skip MemoryIsFlat $(TESTS)

.PHONY: fuzz
fuzz: ## 30 s on each fuzz target
	grep -roE '^func Fuzz[A-Za-z]+' --include='*_test.go' . | while IFS=: read -r file target; do \
		go test "$$(dirname $$file)" -run '^$$' -fuzz "^$${target#func }$$" -fuzztime 30s || exit 1; \
	done

.PHONY: real
real: bundle anvil ## play the vaults' own code on Anvil, and compare what the contracts answer
	go test -v -timeout 30m -count 1 ./cmd/realvaults

# A browser opens the pages and LibreOffice the workbooks in the tests.
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)
.PHONY: tools
tools: ## install what the tests need, where apt is
	@if command -v apt-get >/dev/null && ! { command -v chromium && command -v soffice && command -v pdftoppm; } >/dev/null; then \
		$(SUDO) apt-get update -qq && \
		DEBIAN_FRONTEND=noninteractive $(SUDO) apt-get install -y -qq --no-install-recommends \
			chromium libreoffice-calc poppler-utils fonts-dejavu-core; \
	fi

.PHONY: clean
clean: ## remove everything generated
	rm -rf out/* out/.work report/html/bundle/node_modules $(BUNDLE) extract/testchain/contracts/node_modules $(CONTRACTS) cmd/realvaults/contracts/node_modules
