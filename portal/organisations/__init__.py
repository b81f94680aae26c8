"""Organisations: informal groups, associations, cooperatives, companies; who belongs to them and speaks for them."""
