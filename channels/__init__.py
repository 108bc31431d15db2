"""The edge: one module a channel, and the durable inbox and outbox that they share."""
