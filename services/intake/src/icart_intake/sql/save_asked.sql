with returns as (
    insert into returned (submission, authority, agency, received_at, missing, people, account)
    select id, authority, agency, received_at, string_to_array(missing, ','), string_to_array(people, ',')::uuid[], account
    from unnest($9::uuid[], $10::text[], $11::text[], $12::timestamptz[], $13::text[], $14::text[], $15::jsonb[])
        as t (id, authority, agency, received_at, missing, people, account)
), awaited as (
    insert into form_awaited (person, submission, until)
    select * from unnest($6::uuid[], $7::uuid[], $8::timestamptz[]) as t (person, submission, until)
    on conflict do nothing
)
insert into asked (submission, authority, agency, asked_at, state)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::timestamptz[], $5::jsonb[])
    as t (submission, authority, agency, asked_at, state)
order by submission
on conflict (submission) do update set state = excluded.state
