"""Taking a form's answers in from a workbook: blank, dry run, confirmation, withdrawal (ADR 32)."""
