"""What the page says: lines, paragraphs, letters, their fields and how surely they were read."""
