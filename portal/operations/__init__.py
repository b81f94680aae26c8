"""What staff run: the jobs and what became of them."""
