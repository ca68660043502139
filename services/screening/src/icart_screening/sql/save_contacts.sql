insert into contact (id, authority, pack_version, version, status, desktop, strand, worker, received_at, state)
select * from unnest($1::uuid[], $2::text[], $3::text[], $4::int[], $5::text[], $6::text[], $7::text[], $8::text[],
                     $9::timestamptz[], $10::jsonb[])
on conflict (id) do update
set version = excluded.version,
    status = excluded.status,
    desktop = excluded.desktop,
    strand = excluded.strand,
    worker = excluded.worker,
    state = excluded.state
