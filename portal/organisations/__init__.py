"""Organisations: informal groups, associations, cooperatives, companies; and who belongs to them."""
