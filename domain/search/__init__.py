"""Full-text search without a server: an index in static segments, which a browser reads by ranges."""
