-- From events.intake: whom each contact that was opened at the door is about now. `arrival.person` is whom it was opened about.
create table about (
    contact    uuid primary key,
    authority  text not null,
    person     uuid not null,
    at         timestamptz not null,     -- of the last change; -infinity while there was none
    place      bigint not null           -- of that message in its partition: which was the last of two of one instant
);
create index about_person on about (person);
insert into about (contact, authority, person, at, place)
select arrival.contact, arrival.authority, coalesce(last.person, arrival.person), coalesce(last.at, '-infinity'), 0
from arrival left join (
    select distinct on (contact) contact, (body ->> 'person')::uuid as person, (body ->> 'at')::timestamptz as at
    from told where type = 'icart.intake.contact-person-changed.v1' order by contact, at desc
) as last on last.contact = arrival.contact;
