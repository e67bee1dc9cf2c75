"""What a run found out: result files, and the reports and verdicts made from them."""
