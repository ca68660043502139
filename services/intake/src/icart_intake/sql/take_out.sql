update joined_notice set opened = t.opened, contact = t.contact, person = t.person, told = t.told
from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::jsonb[]) as t (id, opened, contact, person, told)
where joined_notice.id = t.id
