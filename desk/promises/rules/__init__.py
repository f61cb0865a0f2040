"""When people are at work, how a clock goes, and which promise fits."""
