-- $1: contacts with whom each is about, as JSON, one row of each. What was said before never covers what was said later.
insert into about (contact, authority, person, at, place)
select contact, authority, person, at, place from jsonb_populate_recordset(null::about, $1::jsonb) order by contact
on conflict (contact) do update set person = excluded.person, at = excluded.at, place = excluded.place
where (excluded.at, excluded.place) > (about.at, about.place)
