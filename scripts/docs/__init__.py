"""What the documentation site generates instead of repeating it: command help and API."""
