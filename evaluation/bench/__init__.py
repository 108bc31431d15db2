"""How fast farun is, measured against stock Rasa on the same machine, with the same model, in the same run."""
