"""How changes look: cards, forms, lists, the gate's answer, help."""
