"""The portal's contract: JSON Schemas, written by hand, versioned."""
