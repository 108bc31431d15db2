"""The pages: worker's chat, application and look-up for everybody; desk, board and accounts for the staff."""
