-- $1: the document, $2: the authority, $3: submissions of the contact. What is not clean is not there.
select kind, sha256 from document
where id = $1 and authority = $2 and submission = any($3::uuid[]) and state = 'clean' and sha256 is not null
