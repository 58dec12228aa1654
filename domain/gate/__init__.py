"""Whether a reply may be public: evidence, checks, findings, review."""
