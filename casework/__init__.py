"""A person's matter: who holds the conversation, what was said, hand-off, legal-aid application, accounts and audit."""
