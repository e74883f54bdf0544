# Needs Python 3.11 or newer, git and make. Everything else comes from constraints.txt.
#
#   make demo               the sample municipality from raw files to report, then the dashboard
#   make demo DASHBOARD=no  the same, without the dashboard
#   make test               every test; then the wheel from another folder; then other Pythons at hand
#   make bench              speed, as ratios to what one would otherwise run (BENCH="--rows 10000000" for full size)
#
# Another interpreter: make demo PYTHON=/path/to/python3.12

SHELL := /bin/sh
VENV := .venv
BIN := $(VENV)/bin
PYTHON ?=
DEMO ?= demo
DASHBOARD ?= yes
BENCH ?=
# Packages are compiled as they are imported, a quarter of them: pip would compile all, on one core, for longer than
# it installs. So Python must be let to keep what it compiles, whatever the machine's own habit.
PIP := -m pip --disable-pip-version-check install --quiet --quiet --no-compile --constraint constraints.txt
export PYTHONDONTWRITEBYTECODE :=
# A file's tests stay together and files go in the order of tests/conftest.py: the long ones first, or one core waits at the end.
PARALLEL := --numprocesses 2 --dist loadfile --no-loadscope-reorder
VERSIONS := 3.11 3.13
# The oldest and the newest. What differs between versions of Python: numbers, typing and drawing. The rest is tested once.
EVERYWHERE := tests/test_study.py tests/test_tables.py tests/text tests/compare/test_before_after.py
# Arrays in, numbers out: these read nothing that a wheel could have forgotten, and were run a moment ago. The report's
# templates are not forgotten either: test_same_numbers.py writes it from the wheel, in both languages and formats.
PURE := report dashboards/test_estimate_table.py intake/test_fuzz.py intake/test_numbers.py intake/test_dates.py \
	stats indicators compare scoring disclosure process figures test_findings.py test_verdict.py test_scoring.py \
	test_spc.py test_funnel.py test_disclosure.py test_rules.py test_privacy.py test_synthetic.py \
	test_synthetic_files.py test_planned_power.py test_store_killed.py test_study_counts.py test_study_view.py \
	test_study_prepared.py test_study_trial.py test_kept.py test_scale_measure.py test_forget.py test_purge.py \
	test_extract_effects.py test_released_cells.py test_benchmarks.py test_study_registry.py

# $(call find,candidates): sets $$python to the first one that starts, is new enough and can make a venv with pip.
find = python=; for p in $(1); do if "$$p" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))' \
	2>/dev/null; then python=$$p; break; fi; done
# A version's own name, and where a version manager keeps it (its shims answer for versions that are not switched on).
places = python$(1) "$${PYENV_ROOT:-$$HOME/.pyenv}"/versions/$(1).*/bin/python

.PHONY: demo test bench tools test-checkout test-wheel test-versions chromium

demo: $(VENV)/ready-to-run
	$(BIN)/evaltool demo $(DEMO) $(if $(filter no,$(DASHBOARD)),--no-dashboard)

# The browser and the packages are fetched at once: neither has work for two cores.
test:
	@$(MAKE) --no-print-directory --jobs 2 tools
	@$(MAKE) --no-print-directory test-checkout
	@$(MAKE) --no-print-directory test-wheel
	@$(MAKE) --no-print-directory test-versions

bench: $(VENV)/ready-to-test
	$(BIN)/python benchmarks/stays.py $(BENCH)
	$(BIN)/python benchmarks/registry.py
	$(BIN)/python benchmarks/spc.py
	$(BIN)/python benchmarks/dashboard_load.py --sessions 5 --steps 4 --pause 1
	$(BIN)/python benchmarks/intake.py --rows 1000000

$(VENV)/ready-to-run: constraints.txt pyproject.toml
	@$(call find,$(PYTHON) python3.13 python3.12 python3.11 python3); \
	if [ -z "$$python" ]; then \
		echo "No Python 3.11 or newer with venv and pip was found. Install one (Debian: python3 and python3-venv)," >&2; \
		echo "or name it: make $(MAKECMDGOALS) PYTHON=/path/to/python3" >&2; exit 2; \
	fi; \
	echo "Building $(VENV) with $$("$$python" --version): a minute or two the first time."; \
	"$$python" -m venv $(VENV)
	@$(BIN)/python $(PIP) hatchling
	@$(BIN)/python $(PIP) --no-build-isolation --editable .
	@touch $@

$(VENV)/ready-to-test: $(VENV)/ready-to-run
	@echo "Adding the test tools to $(VENV)."
	@$(BIN)/python $(PIP) --no-build-isolation --editable '.[test]'
	@touch $@

tools: chromium $(VENV)/ready-to-test

# The browser tests drive Debian's Chromium.
chromium:
	@if command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null; \
	then :; elif [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium for the browser tests."; \
		apt-get update -qq && DEBIAN_FRONTEND=noninteractive \
			apt-get install -qq -y --no-install-recommends -o DPkg::Lock::Timeout=300 chromium >/dev/null; \
	else \
		echo "The browser tests need Chromium. Install it (Debian: sudo apt-get install chromium) and run make test again." >&2; \
		exit 2; \
	fi

test-checkout: $(VENV)/ready-to-test
	$(BIN)/python -m pytest $(PARALLEL)

# The wheel in a venv of its own, which sees the other packages of $(VENV) but not its editable evaltool; the tests
# are copied away from the checkout, so that whatever the wheel forgot is missed.
test-wheel: $(VENV)/ready-to-test
	@rm -rf build/wheel && mkdir -p build/wheel/elsewhere
	@$(BIN)/python -m build --wheel --no-isolation --outdir build/wheel . >build/wheel/log || { cat build/wheel/log; exit 1; }
	@$(BIN)/python -m venv --without-pip build/wheel/venv
	@$(BIN)/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))' \
		>"$$(build/wheel/venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')/packages.pth"
	@$(BIN)/python -m pip --python build/wheel/venv/bin/python --disable-pip-version-check install --quiet --quiet --no-deps \
		build/wheel/*.whl
	@cp -R tests pyproject.toml build/wheel/elsewhere/
	cd build/wheel/elsewhere && ../venv/bin/python -m pytest --installed --quick $(PARALLEL) \
		$(PURE:%=--ignore tests/%)

# The wheel that test-wheel built, under the other supported versions: the whole chain once, then a part of the tests.
test-versions:
	@for version in $(VERSIONS); do \
		[ "$$version" != "$$($(BIN)/python -c 'import sys; print("%d.%d" % sys.version_info[:2])')" ] || continue; \
		$(call find,$(call places,$$version)); \
		[ -n "$$python" ] || { echo "Python $$version is not at hand: not tested here."; continue; }; \
		$(MAKE) --no-print-directory build/$$version/ready OTHER="$$python" || exit 1; \
		build/$$version/venv/bin/python $(PIP) --no-deps --force-reinstall build/wheel/*.whl || exit 1; \
		rm -rf build/$$version/demo; \
		build/$$version/venv/bin/evaltool demo build/$$version/demo --no-dashboard --quiet || exit 1; \
		(cd build/wheel/elsewhere && ../../$$version/venv/bin/python -m pytest --installed --quick $(PARALLEL) $(EVERYWHERE)) || exit 1; \
	done

build/%/ready: constraints.txt pyproject.toml
	@echo "Building a venv for Python $*."
	@rm -rf build/$* && mkdir -p build && "$(OTHER)" -m venv build/$*/venv
	@build/$*/venv/bin/python $(PIP) "$$(ls build/wheel/*.whl)[test]"
	@touch $@
