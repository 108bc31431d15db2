"""rasa_sdk actions: thin bridges from Rasa's tracker to knowledge and casework. No law, no SQL, no prose here."""
