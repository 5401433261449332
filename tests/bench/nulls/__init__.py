"""Which null: what chance brings of pairs that do the same, by several laws, against what ring-free markets bring."""
