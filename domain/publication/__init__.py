"""What is published: keys, manifest, renditions, catalogue, change log."""
