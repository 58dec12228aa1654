"""The checks of review: each looks at one case and yields a finding for each reason, and does nothing else."""
