"""How routine reviews look: cards, lists, forms, help."""
