-- All that follows from a batch of submissions, but for the people in it. A contact is kept with the person to whom its mention
-- was put, who may have been merged into the one that it is about.
with contacts as (
    insert into contact (id, person, submission, authority, reference, received_at, mention, incident, sender, happened, concerns,
                         told)
    select t.id, coalesce(m.person, t.person), t.submission, t.authority, t.reference, t.received_at, t.mention, t.incident,
           t.sender, t.happened, array(select jsonb_array_elements_text(t.concerns)), t.told
    from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::uuid[],
                $19::uuid[], $20::uuid[], $21::timestamptz[], $22::jsonb[], $23::jsonb[])
        as t (id, person, submission, authority, reference, received_at, mention, incident, sender, happened, concerns, told)
    left join mention m on m.id = t.mention
), redirections as (
    insert into redirection (id, mention, submission, reference, at)
    select * from unnest($8::uuid[], $9::uuid[], $10::uuid[], $11::text[], $12::timestamptz[])
)
update submission set first = t.first, outcome = t.outcome, clocks = t.clocks, record_due = t.record_due,
    reference = t.reference
from unnest($13::uuid[], $14::uuid[], $15::jsonb[], $16::jsonb[], $17::boolean[], $18::text[])
    as t (id, first, outcome, clocks, record_due, reference)
where submission.id = t.id
