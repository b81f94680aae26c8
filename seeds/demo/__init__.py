"""The demonstration city: an invented Bologna, built through the same actions as the pages use."""

from seeds.demo.building import seed

# The city whose life the stories tell.
CITY = "bologna"

__all__ = ["CITY", "seed"]
