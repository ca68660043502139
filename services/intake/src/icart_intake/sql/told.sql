select id, submission, sender, happened, concerns, told::text from contact where id = any($1::uuid[])
