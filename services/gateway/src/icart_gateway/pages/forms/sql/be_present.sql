-- $1: page, $2: authority, $3: subject, $4: person, $5: name, $6: typing, $7: now. Says whether others see something new.
with before as (select typing, seen_at from present where page = $1),
kept as (
    insert into present (page, authority, subject, person, name, typing, seen_at) values ($1, $2, $3, $4, $5, $6, $7)
    on conflict (page) do update set typing = excluded.typing, seen_at = excluded.seen_at
    where present.person = excluded.person and present.subject = excluded.subject
)
select not exists (select 1 from before where typing = $6 and seen_at > $7 - interval '60 seconds')
