"""Object stores: how each behaves, what it proved, who may write."""
