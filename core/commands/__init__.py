"""What the `kehou` command does."""
