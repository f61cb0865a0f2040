"""What runs inside Rasa, in Rasa's own environment (Python 3.10)."""
