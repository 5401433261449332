"""The embedded Cypher store: a disposable cache of a case, in files beside it."""
