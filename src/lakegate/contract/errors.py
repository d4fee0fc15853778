"""What can be wrong with a contract."""


class ContractError(ValueError):
    """An unusable contract file; the message names file, key, fault and what is allowed."""
