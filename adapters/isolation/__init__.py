"""Where hostile files are opened: warm, bounded, confined child processes."""
