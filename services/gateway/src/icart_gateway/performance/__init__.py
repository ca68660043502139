"""How a front door does (QA-1): what came, what became of it, in what time, and what lies where, from tallies alone."""
