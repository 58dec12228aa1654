"""How files announce themselves."""
