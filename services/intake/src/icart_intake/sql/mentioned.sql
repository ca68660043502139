-- To whom these mentions are put, and were put before.
select m.id, m.person, earlier.person as before
from mention m left join put earlier on earlier.mention = m.id and earlier.number = m.number - 1
where m.id = any($1::uuid[])
