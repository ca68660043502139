-- The newest contacts of each of these people ($2 of each), with their notices, where their work is now, and how it ended.
with recursive newest as (
    select c.*, t.person as asked
    from unnest(array(select unnest($1::uuid[]))) as t (person)  -- hides how many: planned once, see people.sql
    cross join lateral (
        select t.person as id union all select m.id from person m where m.root = t.person  -- and those merged into them
    ) p
    cross join lateral (
        select * from contact where contact.person = p.id order by received_at desc, id desc limit $2
    ) c
), chain as (
    select id as contact, id as live from newest
    union all
    select chain.contact, ending.successor
    from chain join ending on ending.contact = chain.live
    where ending.successor is not null
)
select c.asked as person, c.id as contact, chain.live, c.incident, c.reference, c.received_at, c.sender, c.happened, c.concerns,
       ending.at, ending.outcome, ending.level, ending.referral,
       (
           select coalesce(jsonb_agg(
               jsonb_build_object(
                   'sender', n.sender, 'received_at', n.received_at, 'happened', n.happened, 'concerns', n.concerns
               ) order by n.received_at, n.id
           ), '[]')
           from joined_notice n where n.contact = c.id and n.opened is null
       ) as joined
from chain
join newest c on c.id = chain.contact
left join ending on ending.contact = chain.live
where ending.successor is null
order by c.received_at, c.id
