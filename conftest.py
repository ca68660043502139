"""What every test of the workspace shares: the register's marks, and the broker and database started once.

It stands at the root so that it serves tests/, libs/*/tests and services/*/tests alike.
"""

pytest_plugins = ["tools.marks"]
