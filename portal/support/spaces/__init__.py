"""The city's spaces: what there is, when it is open, who has booked it, and the hours that were used."""
