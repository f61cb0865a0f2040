"""Measurements beside others' software, on the machine at hand."""
