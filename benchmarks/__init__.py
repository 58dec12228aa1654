"""What it costs, and against whom."""
