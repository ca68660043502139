select m.person, m.facts::text
from mention m join put on put.mention = m.id and put.number = m.number
where m.person = any($1::uuid[])
order by m.person, put.at, m.id
