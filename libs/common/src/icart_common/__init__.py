"""What every iCART service shares: contracts, policy, working time, messaging."""
