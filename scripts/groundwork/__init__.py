"""What `make up` and `make test` do before anything can run: one step after the other.

Standard library only: it runs before there is any environment.
"""
