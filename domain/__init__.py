"""What is true of replies. Pure: standard library only, no clock, no network, no logger."""
