"""Edits that each take one precondition, fence or check away, and what runs tests on them."""
