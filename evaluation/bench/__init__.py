"""How fast farun is: against stock Rasa on the same machine with the same model in the same run, and its knowledge base."""
