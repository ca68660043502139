-- $1: the rows as JSON. Of several that say a command was carried out the first counts, in whichever order they are read.
insert into answer (command, family, at, code, why, allowed, version)
select command, family, at, code, why, allowed, version from jsonb_populate_recordset(null::answer, $1::jsonb)
on conflict (command, family) do update set at = least(answer.at, excluded.at)
