"""The service desk: every rule, row and promise of Kaidesk lives in this package."""
