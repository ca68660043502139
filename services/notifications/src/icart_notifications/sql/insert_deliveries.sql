insert into delivery (id, authority, pack_version, template, view, subject, body, channel, recipient, address, about,
                      reference, in_reply_to, meets, correlation, created_at, state, attempts, sendings, ended_at)
select id, authority, pack_version, template, view, subject, body, channel, recipient, address, about, reference,
       in_reply_to, meets::uuid[], correlation, created_at, state, attempts, sendings,
       case when state = 'made' then created_at end
from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::jsonb[], $6::text[], $7::text[], $8::text[], $9::text[],
            $10::text[], $11::uuid[], $12::text[], $13::uuid[], $14::text[], $15::uuid[], $16::timestamptz[],
            $17::text[], $18::int[], $19::int[])
     as t (id, authority, pack_version, template, view, subject, body, channel, recipient, address, about, reference,
           in_reply_to, meets, correlation, created_at, state, attempts, sendings)
on conflict (id) do nothing
