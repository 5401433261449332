"""Findings about sellers and listings that are not rings: brushing, virtual orders, subsidies, categories, messages."""
