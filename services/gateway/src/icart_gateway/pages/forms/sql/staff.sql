-- $1: authority, $2: role, $3: seen since. Everybody who may act in the role and signed in since then.
select person from staff where authority = $1 and $2 = any(roles) and seen_at > $3
