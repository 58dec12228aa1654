"""What Fuwen keeps: the vault and the public bucket."""
