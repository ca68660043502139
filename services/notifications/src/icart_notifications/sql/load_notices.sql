select whole
from notice
where id = any($1::uuid[])
order by id
for update
