"""What a day would have been with other operators: `keskus simulate`."""
