"""Letters with the truth beside each: made from a seed, typeset by programs that Fuwen has no part in."""
