"""From the promise to the settlement: planned days, what arrived, what was said of it, what came back."""
