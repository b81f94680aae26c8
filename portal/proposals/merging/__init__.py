"""How two proposals become one: the city offers it, both groups say yes."""
