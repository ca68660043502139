select (select count(*) from delivery where state = 'waiting') as waiting,
       (select count(*) from delivery where state = 'failed') as failed,
       (select min(created_at) from delivery where state = 'waiting') as oldest
