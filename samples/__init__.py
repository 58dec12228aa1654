"""Synthetic signed letters and their maker. Every sentence, person and authority is invented."""
