"""Understanding: Rasa configured and extended for us, and the agent that runs it inside the worker process."""
