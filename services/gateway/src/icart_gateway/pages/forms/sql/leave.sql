delete from present where page = $1 and person = $2 returning subject
