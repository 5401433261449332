"""A synthetic marketplace with planted rings, look-alikes and traps."""
