-- $1: dead letters as JSON. What is read again is there already.
insert into letter (id, service, topic, partition, "offset", authority, code, problems, size, received_at, state)
select dead_letter, service, topic, partition, "offset", authority, code, problems, size, received_at, 'waiting'
from jsonb_to_recordset($1::jsonb) as one (dead_letter uuid, service text, topic text, partition int, "offset" bigint, authority text,
                                           code text, problems jsonb, size int, received_at timestamptz)
order by dead_letter
on conflict (id) do nothing
