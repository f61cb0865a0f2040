"""The bot's doors into the desk: slots in, one desk call, `utter_` names out."""
