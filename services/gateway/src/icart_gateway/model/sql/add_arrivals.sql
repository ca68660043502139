-- $1: contacts, $2: ids of the children, $3: the messages as JSON. What is read again is there already.
insert into arrival (contact, person, authority, reference, submission, agency, channel, source_code, received_at, given_name,
                     family_name, born, postcode, incident, body)
select contact, person, body ->> 'authority', body ->> 'reference', (body ->> 'submission')::uuid, body ->> 'agency',
       body ->> 'channel', body ->> 'source_code', (body ->> 'received_at')::timestamptz, body #>> '{child,given_name}',
       body #>> '{child,family_name}', (body #>> '{child,born}')::date, body #>> '{child,addresses,0,postcode}',
       (body ->> 'incident')::uuid, body
from unnest($1::uuid[], $2::uuid[], $3::jsonb[]) as one (contact, person, body)
on conflict (contact) do nothing
