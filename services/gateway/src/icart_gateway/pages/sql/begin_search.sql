-- What is older than a day is forgotten with it.
with forgotten as (delete from search where at < $5::timestamptz - interval '1 day')
insert into search (id, person, authority, asked, at) values ($1, $2, $3, $4::jsonb, $5)
