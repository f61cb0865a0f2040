"""Systems of the company that speak HTTP and JSON: directory, finance, the mail system's trace."""
