"""Real servers that speak the true protocols of the outside world: for the demonstration and the tests."""
