"""Benchmarks: each capability beside a limit of the same machine. A ratio means something elsewhere, seconds do not."""
