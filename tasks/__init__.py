"""One step that touches the world, as an operator sees it in the Prefect UI."""
