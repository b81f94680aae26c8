"""The track for new platform cooperatives: stages with places, ventures, steps, and two persons decide."""
