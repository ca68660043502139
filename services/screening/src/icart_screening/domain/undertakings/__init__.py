"""Things with a life of their own: checks, discussions, meetings, disagreements (decision 0013).

Their lives are policy data (`icart_common.policy.lives`). `undertaking` is the state that all kinds share, `engine` carries a
command out, `kinds` lists the kinds; every other module here is one kind.
"""
