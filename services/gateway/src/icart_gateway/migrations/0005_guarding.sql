-- Shut to everybody (no staff), or to the one member of staff whose family it is. Of one contact, or of all of a child's.
create table shut_record (
    id         uuid primary key,
    authority  text not null,
    contact    uuid,
    child      uuid,
    staff      text,
    reason     text not null,
    set_by     text not null,
    set_at     timestamptz not null,
    lifted_by  text,
    lifted_at  timestamptz,
    check (contact is not null or child is not null)
);
create index shut_record_contact on shut_record (contact) where lifted_at is null;
create index shut_record_child on shut_record (child) where lifted_at is null;
create index shut_record_authority on shut_record (authority, set_at) where lifted_at is null;

-- Somebody opened a record that is shut to them, with a reason, until an hour later. Never deleted.
create table broken_glass (
    id         uuid primary key,
    authority  text not null,
    contact    uuid not null,
    person     text not null,
    name       text not null,
    role       text not null,
    reason     text not null,
    at         timestamptz not null,
    until      timestamptz not null,
    seen_by    text,
    seen_at    timestamptz
);
create index broken_glass_open on broken_glass (contact, person, until);
create index broken_glass_of_authority on broken_glass (authority, at desc);

-- Every read of a child's record. Each row holds the hash of the one before, so that a row which is changed, added or taken away
-- later does not fit any more; `icart audit check` names the first that does not.
create table read_audit (
    authority  text not null,
    place      bigint not null,
    at         timestamptz not null,
    person     text not null,
    role       text not null,
    what       text not null,
    contact    uuid,
    child      uuid,
    glass      uuid,                 -- the broken glass that it was read through
    hash       bytea not null,
    primary key (authority, place)
);
create index read_audit_contact on read_audit (contact, at);
create index read_audit_person on read_audit (person, at);
create table read_audit_head (
    authority  text primary key,
    place      bigint not null,
    hash       bytea not null
);

create function read_audit_stays() returns trigger language plpgsql as $$
begin
    raise exception 'the trail of reads is only added to';
end
$$;
create trigger read_audit_stays before update or delete on read_audit for each row execute function read_audit_stays();
create trigger read_audit_whole before truncate on read_audit for each statement execute function read_audit_stays();
