"""What an investigator uses from Python: cases and rings as objects, with texts and pages for a notebook.

It stands above everything and decides nothing: results come from the case folder, questions go to the stores, words
come from the dossier. The public names are those of `toolkit` itself.
"""
