# Two commands: `make run` and `make test`. Without make: python3 requirements/install.py run (or test).
PYTHON ?= python3
SET_UP = $(PYTHON) requirements/install.py

.PHONY: run test check bench soak lock
run:   ; @$(SET_UP) run
test:  ; @$(SET_UP) test
check: ; @$(SET_UP) check
bench: ; @$(SET_UP) bench
soak:  ; @$(SET_UP) soak
lock:  ; @$(SET_UP) lock
