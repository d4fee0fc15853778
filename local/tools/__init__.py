"""What the commands need of the machine."""
