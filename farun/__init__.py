"""The front door: the `farun` command, process supervision, and the only place that wires the rooms together."""
