update joined_notice set opened = t.opened, contact = t.contact
from unnest($1::uuid[], $2::text[], $3::uuid[]) as t (id, opened, contact)
where joined_notice.id = t.id
