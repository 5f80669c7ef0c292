"""Parts of the HWPX document: its look, and its blocks as OWPML (KS X 6101)."""
