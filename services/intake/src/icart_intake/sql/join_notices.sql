insert into joined_notice (id, contact, person, submission, authority, received_at, sender, happened, concerns, because, told, mention)
select id, contact, person, submission, authority, received_at, sender, happened,
       array(select jsonb_array_elements_text(concerns)), array(select jsonb_array_elements_text(because)), told,
       (told -> 'child_known' ->> 'mention')::uuid
from unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::text[], $6::timestamptz[], $7::uuid[], $8::timestamptz[],
            $9::jsonb[], $10::jsonb[], $11::jsonb[])
    as t (id, contact, person, submission, authority, received_at, sender, happened, concerns, because, told)
order by id
