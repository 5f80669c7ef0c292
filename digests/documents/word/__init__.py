"""Parts of the Word document: its look, and its blocks as WordprocessingML (ECMA-376)."""
