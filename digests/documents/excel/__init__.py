"""Parts of the Excel workbook: its sheets as typed rows."""
