-- Every pair of these people that was ever offered, locked, with whom the other stands for and what is known of them.
select pair.id, pair.authority, pair.one, pair.other, pair.state, pair.version, pair.score, pair.terms::text, pair.weights,
    pair.at, pair.mention, pair.known
from match_pair pair
where pair.one = any(array(select unnest($1::uuid[]))) or pair.other = any(array(select unnest($1::uuid[])))
order by pair.one, pair.other
for no key update of pair
