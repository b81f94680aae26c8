"""Every allocation is held against the city's rules before two persons decide on it."""
