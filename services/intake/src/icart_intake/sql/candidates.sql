-- Everybody in these blocks ($1), at most $2 of each block, the newest, with the blocks that they were found in. A block of more
-- than $3 finds nobody by itself: who shares one such block alone is left out, and a line without a person names these blocks.
with near as materialized (
    select near.block, near.person, near.size
    from unnest($1::bigint[]) as asked (block)
    cross join lateral (
        select newest.block, newest.person, count(*) over () as size
        from (
            select b.block, b.person from person_block b where b.block = asked.block order by b.person desc limit $2
        ) newest
    ) near
)
select p.id, p.authority, coalesce(p.root, p.id) as stands_for, p.facts::text, p.number is not null as held, found.blocks
from (
    select near.person, array_agg(near.block) as blocks
    from near group by near.person
    having count(*) > 1 or min(near.size) <= $3
) found
join person p on p.id = found.person
union all
select null, null, null, null, null, array_agg(distinct near.block)
from near where near.size > $3
