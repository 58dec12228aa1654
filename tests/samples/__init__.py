"""The samples are what their sources say, and carry the signatures that they claim."""
