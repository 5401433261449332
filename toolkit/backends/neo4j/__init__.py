"""A Neo4j server as a store: publishing a case, asking it, reading a graph back."""
