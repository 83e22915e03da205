"""How promises stand, as people read it."""
