-- $1: clocks. When those of them ran out that did.
select id, breached_at from clock where id = any($1::uuid[]) and breached_at is not null
