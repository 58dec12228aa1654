"""How we speak to what we did not write: S3, PDF readers, signatures. No Prefect."""
