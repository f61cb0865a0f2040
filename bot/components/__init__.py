"""The few parts of ours that live inside Rasa."""
