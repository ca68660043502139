select id, authority, pack_version, template, view, subject, body, channel, recipient, address, about, reference,
       in_reply_to, meets, correlation, created_at, state, attempts, sendings
from delivery
where id = any($1::uuid[])
order by id
for update
