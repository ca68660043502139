-- $1: ids. Two forces that use the same id at once come one after the other; there is no row yet that could be locked.
select pg_advisory_xact_lock(hashtextextended(id::text, 0))
from (select id from unnest($1::uuid[]) as arriving (id) order by id) as in_order
