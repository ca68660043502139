select id from contact where (state ->> 'reference') = any($1::text[])
