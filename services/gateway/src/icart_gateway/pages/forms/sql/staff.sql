-- $1: `authority/role`. Everybody who is signed in and may act in it.
select distinct on (person) person, name from session where $1 = any(posts) order by person, seen_at desc
