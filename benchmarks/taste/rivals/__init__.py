"""The methods that are compared. Those of the `bench` extra are imported only when they are asked for."""
