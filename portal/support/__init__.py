"""Support: pools, their ledger, and allocations of servers, legal hours and money."""
