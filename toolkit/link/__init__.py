"""Clean tables to links: one module a view, each with its own null."""
