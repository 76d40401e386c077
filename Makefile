# The commands of the house; `make help` lists them. CMake presets (CMakePresets.json) do the work underneath.
# With CI=true a warning is an error.
MAKEFLAGS += --no-print-directory
JOBS := $(shell nproc)
PRESET := $(if $(filter true 1,$(CI)),ci,release)
FUZZ_SECONDS ?= 30
SOURCES = git ls-files --cached --others --exclude-standard '*.cc' '*.h' | sort -u
CONFIGURE = cmake --preset $(1) > /dev/null
NINJA = NINJA_STATUS='[%f/%t] ' cmake --build
TESTS = ctest --progress --output-on-failure --output-junit tests.xml --no-label-summary --parallel $(JOBS) --test-dir

.PHONY: build run test format lint bench bench-peers sanitize fuzz docs results clean help

build: ## install what is missing and build the program: build/evenhand
	@tools/setup build
	@$(call CONFIGURE,$(PRESET))
	@$(NINJA) build --target evenhand

run: build ## the main job: real data to a finished report
	@status=0; build/evenhand run examples/income/evenhand.toml || status=$$?; \
	if [ $$status -eq 1 ]; then \
	  echo "A bound is broken: this is what was found in the data, so make run ends well (evenhand itself ends with 1)."; \
	else exit $$status; fi

test: ## build and run every test
	@tools/setup build browser
	@$(call CONFIGURE,$(PRESET))
	@$(NINJA) build
	@$(TESTS) build

format: ## let clang-format decide the spaces
	@tools/setup lint
	@$(SOURCES) | xargs clang-format-14 -i

lint: ## spaces, names, likely bugs, floors and tidiness
	@tools/setup build lint
	@$(SOURCES) | xargs clang-format-14 --dry-run -Werror
	@$(call CONFIGURE,$(PRESET))
	@tools/tidy build
	@$(NINJA) build --target tests_floors tests_tidy
	@$(TESTS) build --label-regex '^(floors|tidy)$$'

bench: ## time the hot loops, each against its slow twin, and the whole job
	@tools/setup build
	@$(call CONFIGURE,$(PRESET))
	@$(NINJA) build --target evenhand benches
	@tools/bench build

bench-peers: build ## the same file through other tools, in the same run
	@benches/peers.sh

sanitize: ## every test under address and undefined-behaviour checks
	@tools/setup build browser
	@$(call CONFIGURE,sanitize)
	@$(NINJA) build-sanitize
	@$(TESTS) build-sanitize

fuzz: ## hostile input to every reader, FUZZ_SECONDS (30) for each
	@tools/setup build fuzz
	@$(call CONFIGURE,fuzz)
	@$(NINJA) build-fuzz --target fuzzers
	@tools/fuzz build-fuzz $(FUZZ_SECONDS)

docs: build ## write the generated pages under docs/
	@tools/docs build/evenhand
	@tools/oracles

results: build ## every way of making decisions fairer on six data sets: docs/results.md
	@tools/results build/evenhand

clean: ## remove what was built, not what was downloaded
	@rm -rf build build-debug build-sanitize build-fuzz

help:
	@grep -E '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## (.*)/make \1|\2/' | column -t -s '|'
