"""What a person types: `fuwen …`. Imports stay lazy so that --help is instant."""
