"""Dossiers to pages: the only place that knows pyvis and the browser bundle."""
