select count(*) filter (where state = 'named') as named, count(*) filter (where state = 'waiting') as waiting,
       min(received_at) filter (where state = 'waiting') as oldest
from document where state in ('named', 'waiting') or not cleared
