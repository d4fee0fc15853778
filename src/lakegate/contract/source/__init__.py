"""The contract as people write it: YAML and SQL, read with thorough checks where they are edited.

Nothing here runs on AWS, where the resolved contract is read as JSON.
"""
