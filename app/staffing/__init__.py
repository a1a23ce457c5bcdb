"""How a day would have gone with more or fewer operators: `keskus simulate`."""
