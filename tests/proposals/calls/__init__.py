"""Calls: the city's public notices."""
