"""Real servers and the real exporter, started and stopped by the tests."""
