"""The demo shop: a page of the sample company that carries the desk's widget."""
