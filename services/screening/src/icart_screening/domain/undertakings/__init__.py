"""Things with a life of their own: checks, discussions, meetings, disagreements (decision 0013).

`life` is the state machine as data, `undertaking` the state that all kinds share, `engine` carries a command out, `kinds` lists
the kinds; every other module here is one kind.
"""
