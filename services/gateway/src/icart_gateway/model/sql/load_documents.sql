select id, authority, submission, attachment, state, kind, size, sha256, reason, about, at
from document where id = any($1::uuid[]) order by id for update
