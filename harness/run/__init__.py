"""Playing scenarios: steps over a device and an agent, as a stream of typed events."""
