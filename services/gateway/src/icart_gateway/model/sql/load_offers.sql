select id, authority, version, state, one, other, score, words, bits, contacts, offered_at, decided_by, reason,
       mention, merge, at
from offer where id = any($1::uuid[]) order by id for update
