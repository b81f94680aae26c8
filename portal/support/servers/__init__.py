"""Servers that the city gives: from the promise to the hand-over, by hand or by the city's automation."""
