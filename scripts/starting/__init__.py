"""What all scripts that start servers of their own share."""
