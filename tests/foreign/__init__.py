"""Markets made by somebody who did not write the detector: other habits, other schemes, other traps, other exports."""
