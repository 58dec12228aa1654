"""What a PDF holds: text, pictures, signatures, structure."""
