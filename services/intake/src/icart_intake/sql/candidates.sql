-- Everybody in these blocks ($1), at most $2 of each block, the newest, with the blocks that they were found in.
select p.id, p.authority, coalesce(p.root, p.id) as stands_for, p.facts::text, p.number is not null as held, found.blocks
from (
    select near.person, array_agg(near.block) as blocks
    from unnest($1::bigint[]) as asked (block)
    cross join lateral (
        select b.block, b.person from person_block b where b.block = asked.block order by b.person desc limit $2
    ) near
    group by near.person
) found
join person p on p.id = found.person
