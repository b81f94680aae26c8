"""What neighbours say about a subject, in its dated period."""
