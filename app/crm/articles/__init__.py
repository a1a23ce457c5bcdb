"""Articles: what a company knows and sells, in several languages, found as an operator types and before."""
