"""Reports for the operator: how good the answers are, what a replay would have said, as pages."""
