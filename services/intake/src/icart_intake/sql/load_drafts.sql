-- $1: ids; locked in their order.
select id, state from draft where id = any($1::uuid[]) order by id for update
