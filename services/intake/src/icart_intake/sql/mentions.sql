-- Everything that is put to these people, with when, and to whom it was put before.
select m.id, m.authority, m.submission, m.ref, m.at, m.described::text, m.facts::text, m.person, m.number,
    now.at as put_at, earlier.person as before, s.agency, s.received_at, s.channel = 'edt' as counts
from mention m
join put now on now.mention = m.id and now.number = m.number
left join put earlier on earlier.mention = m.id and earlier.number = m.number - 1
join submission s on s.id = m.submission
where m.person = any($1::uuid[])
order by m.id
for no key update of m
