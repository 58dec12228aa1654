"""What it costs, and against whom: `python -m benchmarks`. Measures and prints; asserts nothing about speed."""
