"""Pictures of our own making for the demonstration: painted from a seed, always the same."""

from seeds.demo.pictures.scenes import SCENES, paint

__all__ = ["SCENES", "paint"]
