"""The shared language of the stages: what a table, a link, a ring and a graph look like. Imports nothing of ours."""
