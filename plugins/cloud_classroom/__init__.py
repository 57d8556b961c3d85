"""Cloud classroom: free things to learn with, and hours with master teachers (R70, R71)."""
