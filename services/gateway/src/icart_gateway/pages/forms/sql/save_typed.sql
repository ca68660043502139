-- $1: authority, $2: person, $3: form, $4: fields, $5: values, $6: now. An empty field is kept too: somebody emptied it.
insert into typed (authority, person, form, field, value, saved_at)
select $1, $2, $3, field, value, $6 from unnest($4::text[], $5::text[]) as one (field, value)
on conflict (authority, person, form, field) do update
set value = excluded.value, saved_at = excluded.saved_at, discarded_at = null
