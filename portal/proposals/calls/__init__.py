"""Calls: the city's public notices that invite proposals, with their dates, zones and terms."""
