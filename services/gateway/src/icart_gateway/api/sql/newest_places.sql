select topic, partition, max("offset") as "offset" from for_agency where agency = $1 group by topic, partition
