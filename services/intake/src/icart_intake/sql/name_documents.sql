-- Documents that messages name. Returned are those that were not known; one that was named before stays as it is.
with named as (
    insert into document (id, agency, attachment, submission, reference, authority, pack_version, reply_to, correlation,
        name, declared_type, declared_size, declared_sha256, instead_of, named_at, state, reason, settled_at)
    select distinct on (id) *
    from unnest($1::uuid[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::text[], $7::text[], $8::jsonb[],
        $9::uuid[], $10::text[], $11::text[], $12::bigint[], $13::text[], $14::uuid[], $15::timestamptz[], $16::text[],
        $17::text[], $18::timestamptz[])
        as t (id, agency, attachment, submission, reference, authority, pack_version, reply_to, correlation, name,
        declared_type, declared_size, declared_sha256, instead_of, named_at, state, reason, settled_at)
    order by id
    on conflict (id) do nothing
    returning id
), belonging as (
    insert into document_of (submission, document)
    select submission, document from unnest($4::uuid[], $1::uuid[]) as t (submission, document)
    order by submission, document
    on conflict do nothing
)
select id from named
