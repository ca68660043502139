-- $1: authority, $2 and $3: received from and before, $4: contacts that intake opened in that time. How each of them, and each
-- that followed from one by a transfer, has ended (SC-26): by its log, and by what the record says of itself.
with every as (
    select id from contact where authority = $1 and received_at >= $2 and received_at < $3
    union
    select unnest($4::uuid[])
)
select every.id, c.state ->> 'reference' as reference, c.received_at, c.desktop, c.strand, c.worker, ended.outcomes,
       case
           when c.id is null then 'not-here'
           when c.status = 'open' and ended.times = 0 then 'open'
           when ended.times = 0 then 'no-outcome'
           when ended.times > 1 then 'several-outcomes'
           when c.status = 'open' then 'open-again'
           when ended.outcomes[1] is distinct from c.state -> 'ending' ->> 'outcome' then 'another-outcome'
           when ended.successor is not null and later.id is null then 'goes-nowhere'
           else 'ended'
       end as finding
from every
left join contact c on c.id = every.id
left join lateral (
    select count(*) as times, array_agg(e.body ->> 'outcome' order by e.version) as outcomes,
           max(e.body ->> 'successor')::uuid as successor
    from contact_event e where e.contact = every.id and e.type = 'icart.screening.closed.v1'
) ended on true
left join contact later on later.id = ended.successor
order by c.received_at nulls first, every.id
