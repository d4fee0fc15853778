"""Makes what is deployed of a project: archives, the resolved contract, and a manifest."""
