"""Open data of an edition: the rows behind its figures, under names that nobody can trace, and how to check them."""
