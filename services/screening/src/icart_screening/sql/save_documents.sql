-- How documents stand now, and whose they are. What is known already is not overtaken by what was said before it.
with stands as (
    insert into document as d (id, submission, state, reason, kind, at)
    select * from unnest($1::uuid[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::timestamptz[])
        as t (id, submission, state, reason, kind, at)
    order by id
    on conflict (id) do update set state = excluded.state, reason = excluded.reason, kind = excluded.kind, at = excluded.at
    where array_position(array['named', 'waiting'], d.state) < coalesce(array_position(array['named', 'waiting'], excluded.state), 3)
), contacts as (
    insert into contact_document (contact, document)
    select contact, document from unnest($7::uuid[], $8::uuid[]) as t (contact, document)
    order by contact, document on conflict do nothing
)
insert into submission_document (submission, document)
select submission, document from unnest($9::uuid[], $10::uuid[]) as t (submission, document)
order by submission, document on conflict do nothing
