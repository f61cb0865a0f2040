"""Kiln & Dew Teaware: the sample company's legacy back office and its shop, for demo and tests."""
