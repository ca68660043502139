"""What a clock is and what may happen to it. Pure: instants and rules go in, states and messages come out."""
