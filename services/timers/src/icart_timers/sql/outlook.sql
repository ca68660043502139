select min(next_at) as next_due, count(*) as pending, count(*) filter (where next_at <= $1) as overdue
from clock where next_at is not null
