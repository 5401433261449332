"""Candidate rings to scored, named and explained rings and findings."""
