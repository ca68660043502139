-- Returns the state before: whether it was said that the document has arrived.
update document set state = $3, reason = $4, kind = $5, size = $6, sha256 = $7, received_at = $8, settled_at = $9
from (select id, state from document where id = $1 and lease = $2 and state in ('named', 'waiting') for update) before
where document.id = before.id
returning before.state
