-- $1: commands. One answer each; that it was carried out counts before anything else.
select distinct on (command) command, code, why, allowed, version from answer
where command = any($1::uuid[]) order by command, code nulls first
