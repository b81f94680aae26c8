# Two commands: `make run` and `make test`. Without make: python3 requirements/install.py run (or test).
PYTHON ?= python3
SET_UP = $(PYTHON) requirements/install.py

.PHONY: run test check bench soak lock words
run:   ; @$(SET_UP) run
test:  ; @$(SET_UP) test
check: ; @$(SET_UP) check
bench: ; @$(SET_UP) bench
soak:  ; @$(SET_UP) soak
lock:  ; @$(SET_UP) lock

# Bring every message of the sources into every catalogue. Lines that would change at each call are left out.
BABEL = .venv/bin/pybabel -q
words:
	@mkdir -p build
	@$(BABEL) extract -F portal/translations/babel.cfg -k W -k ngettext:1,2 -k say_number:1,2 \
	  --no-location --sort-output --project "Commons Portal" --version 1 -w 110 -o build/portal.pot .
	@for po in portal/translations/*/LC_MESSAGES/portal.po; do \
	  language=$$(basename $$(dirname $$(dirname $$po))); \
	  $(BABEL) update -N --ignore-obsolete -w 110 -l $$language -i build/portal.pot -o $$po && \
	  grep -v -E '^"(POT-Creation-Date|PO-Revision-Date|Last-Translator|Language-Team|Generated-By|MIME-Version|Report-Msgid-Bugs-To)' \
	    $$po > build/portal.po && cp build/portal.po $$po; \
	done
