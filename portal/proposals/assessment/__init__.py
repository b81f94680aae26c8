"""How the city judges a proposal: statements of interest, scores, opinions, notes."""
