insert into knock (id, webhook, event, subject, at, made_at, next_at)
select id, $2, event, subject, at, $6, $6 from unnest($1::uuid[], $3::text[], $4::uuid[], $5::timestamptz[]) as one (id, event, subject, at)
on conflict (id) do nothing
