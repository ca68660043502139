-- Everybody whom somebody described may be, with the blocks that they were found in. $1 are the blocks, at most $2 people of each
-- are read, the newest; $4 and $5 say who asks for which block. A block of more than $3 finds nobody by itself: who shares one
-- such block, and no other, with each of those who ask is left out; a line without a person names these blocks.
with near as materialized (
    select near.block, near.person, near.size
    from unnest($1::bigint[]) as asked (block)
    cross join lateral (
        select newest.block, newest.person, count(*) over () as size
        from (
            select b.block, b.person from person_block b where b.block = asked.block order by b.person desc limit $2
        ) newest
    ) near
), meant as (
    -- Counted for each who asks: in a batch, who lies in two large blocks that two different people ask for is nobody's likeness.
    select distinct near.person
    from near join unnest($4::int[], $5::bigint[]) as asks (asker, block) using (block)
    group by asks.asker, near.person
    having count(*) > 1 or min(near.size) <= $3
)
select p.id, p.authority, coalesce(p.root, p.id) as stands_for, p.facts::text, p.number is not null as held, found.blocks
from (select near.person, array_agg(near.block) as blocks from near join meant using (person) group by near.person) found
join person p on p.id = found.person
union all
select null, null, null, null, null, array_agg(distinct near.block)
from near where near.size > $3
