"""Reading a consultation that was held elsewhere, in the export format of Polis."""
