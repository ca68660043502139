-- One row a contact. The whole record is in `state`; the columns beside it are what work is found and queued by.
create table contact (
    id uuid primary key,
    authority text not null,
    pack_version text not null,
    version integer not null,
    status text not null check (status in ('open', 'closed')),
    desktop text,
    strand text,
    worker text,
    received_at timestamptz not null,
    state jsonb not null,
    -- Exactly one desktop while it is open, none when it is closed (SC-2).
    constraint contact_on_one_desktop check ((status = 'open') = (desktop is not null))
);
create index contact_desktop on contact (authority, desktop, received_at, id) where status = 'open';
create index contact_worker on contact (worker, authority) where status = 'open' and worker is not null;

-- Everything that ever happened to a contact, in order: the record can be read from here alone. Rows are only added.
create table contact_event (
    contact uuid not null,
    version integer not null,
    ordinal smallint not null,
    type text not null,
    at timestamptz not null,
    body jsonb not null,
    primary key (contact, version, ordinal)
);

create function contact_event_stays() returns trigger language plpgsql as $$
begin
    raise exception 'contact_event only grows: correct a record by recording the correction';
end
$$;
create trigger contact_event_stays before update or delete or truncate on contact_event
    for each statement execute function contact_event_stays();

-- The clocks of contacts as the timers service says they stand, for the desktops. `view` is what is merged.
create table contact_clock (
    clock uuid primary key,
    contact uuid not null,
    rule text not null,
    state text not null,
    due_at timestamptz,
    sum text,
    view jsonb not null
);
create index contact_clock_next on contact_clock (contact, due_at) where state in ('running', 'breached');
