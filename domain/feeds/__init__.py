"""What is published, told in the standards that others speak already: one record, seven forms, the same content."""
