"""The offline intake: what a telephone loads and keeps to start without a network."""
