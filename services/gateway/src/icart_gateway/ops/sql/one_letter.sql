select id, service, topic, partition, "offset", code, problems, size, received_at, state, settled_by, settled_at from letter
where id = $1
