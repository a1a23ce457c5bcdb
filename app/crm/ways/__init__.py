"""The ways of callers into the centre: no change lets one of them end nowhere, or go round in a circle."""
