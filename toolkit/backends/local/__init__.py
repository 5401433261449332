"""Compute on this machine: NumPy, one Numba kernel, Polars."""
