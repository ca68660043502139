insert into person_key (key) select key from unnest($1::uuid[]) as t (key) order by key on conflict do nothing
