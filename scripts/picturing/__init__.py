"""Makes the pictures of the README."""
