"""Figures of samples with the intervals in which the true ones lie; pure, and the same answer each time."""
