-- Tables of ours that something was ever written to.
select coalesce(array_agg(c.oid::regclass::text order by c.oid), '{}')
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema)' and pg_relation_size(c.oid) > 0
