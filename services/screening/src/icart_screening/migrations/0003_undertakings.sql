-- What has a life of its own beside a contact, or beside none (decision 0013). The whole of it is in `body`.
create table undertaking (
    id uuid primary key,
    kind text not null,
    authority text not null,
    contact uuid,
    state text not null,
    open boolean not null,
    version integer not null,
    begun_at timestamptz not null,
    body jsonb not null
);
create index undertaking_of_contact on undertaking (contact, open) where contact is not null;
create index undertaking_queue on undertaking (authority, kind, begun_at, id) where open;

-- Everything that ever happened to an undertaking, in order. Rows are only added.
create table undertaking_event (
    undertaking uuid not null,
    version integer not null,
    ordinal smallint not null,
    type text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (undertaking, version, ordinal)
);

create function undertaking_event_stays() returns trigger language plpgsql as $$
begin
    raise exception 'undertaking_event only grows: correct an undertaking by recording the correction';
end
$$;
create trigger undertaking_event_stays before update or delete or truncate on undertaking_event
    for each statement execute function undertaking_event_stays();
