-- Locks children's turns, in the order of their ids; whoever holds one already is waited for.
insert into turn (person) select person from unnest($1::uuid[]) as t (person) order by person
on conflict (person) do update set person = excluded.person
