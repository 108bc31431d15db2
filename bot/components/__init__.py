"""Our own components of Rasa's pipeline: normal form, acts and topics, facts, risk."""
