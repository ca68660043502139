-- These offers, locked.
select id, authority, one, other, state, version, score, terms::text, weights, at, mention, known
from match_pair where id = any($1::uuid[]) order by one, other for no key update
