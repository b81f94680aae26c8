"""The demonstration city: an invented Bologna, built through the same actions as the pages use."""

from seeds.demo.building import seed

__all__ = ["seed"]
