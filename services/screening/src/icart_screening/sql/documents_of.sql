-- The documents that a contact's record lists.
select d.id, d.state, d.reason, d.kind, d.at from document d
where d.id in (
    select document from contact_document where contact = $1
    union
    select s.document from contact c
    join submission_document s on s.submission = (c.state -> 'arrival' ->> 'submission')::uuid
    where c.id = $1
    union
    select s.document from contact c
    cross join lateral jsonb_array_elements_text(c.state -> 'forms') as form (submission)
    join submission_document s on s.submission = form.submission::uuid
    where c.id = $1
)
order by d.id
