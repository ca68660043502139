-- $1: agency; $2, $3, $4: topics, partitions, and the last offset read of each; $5: at most so many.
select found.* from unnest($2::text[], $3::int[], $4::bigint[]) as place (topic, partition, read)
cross join lateral (
    select topic, partition, "offset", subject, correlation, at, type, told from for_agency
    where agency = $1 and topic = place.topic and partition = place.partition and "offset" > place.read
    order by "offset" limit $5
) as found
order by found."offset", found.topic, found.partition limit $5
