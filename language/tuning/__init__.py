"""The parts of `language.deep`: what is learnt from, the network, the steps, the checkpoints."""
