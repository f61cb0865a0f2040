"""What a line of text means, without Rasa: for the bot, its training and the desk alike."""
