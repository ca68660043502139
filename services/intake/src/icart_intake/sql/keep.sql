-- All that follows from a batch of submissions.
with people as (
    insert into person (id, authority, facts, standing, described)
    select * from unnest($1::uuid[], $2::text[], $3::jsonb[], $4::jsonb[], $5::jsonb[])
), keys as (
    update person_key set people = person_key.people || t.people
    from (
        select key, array_agg(person order by person) as people
        from unnest($6::uuid[], $7::uuid[]) as u (key, person) group by key
    ) t
    where person_key.key = t.key
), contacts as (
    insert into contact (id, person, submission, authority, reference, received_at, incident, sender, happened, concerns, told)
    select id, person, submission, authority, reference, received_at, incident, sender, happened,
           array(select jsonb_array_elements_text(concerns)), told
    from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::text[], $13::timestamptz[],
                $24::uuid[], $25::uuid[], $26::timestamptz[], $27::jsonb[], $28::jsonb[])
        as t (id, person, submission, authority, reference, received_at, incident, sender, happened, concerns, told)
), links as (
    insert into link (person, kind, of_person, submission)
    select * from unnest($14::uuid[], $15::text[], $16::uuid[], $17::uuid[])
        as t (person, kind, of_person, submission)
    order by person, kind, of_person
    on conflict do nothing
)
update submission set first = t.first, outcome = t.outcome, clocks = t.clocks, record_due = t.record_due,
    reference = t.reference
from unnest($18::uuid[], $19::uuid[], $20::jsonb[], $21::jsonb[], $22::boolean[], $23::text[])
    as t (id, first, outcome, clocks, record_due, reference)
where submission.id = t.id
