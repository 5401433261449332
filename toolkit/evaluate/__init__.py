"""Results against truth, and baselines beside ours."""
