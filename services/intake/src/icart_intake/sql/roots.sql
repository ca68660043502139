select id, coalesce(root, id) as stands_for from person where id = any($1::uuid[])
