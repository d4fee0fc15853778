"""What is written of it: the contract's text and a first mart."""
