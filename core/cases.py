"""Accept a submission, move a case: one commit each."""
