select 1 from person_key where key = any($1::uuid[]) order by key for update
