"""Who lives here: proofs by census, letter, counter or another service, and the queue of those that meet."""
