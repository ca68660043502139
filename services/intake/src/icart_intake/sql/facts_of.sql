select id, authority, coalesce(root, id) as stands_for, facts::text, number is not null as held from person where id = any($1::uuid[])
