-- The feed of one authority: the row that its batches lock first, so that two instances take turns.
create table case_feed (
    authority text primary key,
    complete_as_of timestamptz  -- the newest full load that was complete: whom it did not name was not held then
);

-- What the case system has said of each person, by its own number. A row is there as soon as anything was said.
create table held_person (
    authority text not null,
    number text not null,
    person uuid,                -- ours; null until the person was described
    as_of timestamptz,          -- of the newest description
    listed_as_of timestamptz,   -- of the newest description that listed all episodes
    gone_as_of timestamptz,     -- of the newest statement that the person is no longer held
    heard_as_of timestamptz,    -- when the person was last shown to be held
    base jsonb not null default '{}',     -- case, services and history of the description, without episodes
    remarks jsonb not null default '[]',  -- what is doubtful in the description, as it was reported back
    primary key (authority, number)
);
create index held_person_person on held_person (person);

create table held_episode (
    authority text not null,
    number text not null,
    episode text not null,
    as_of timestamptz not null,
    said jsonb not null,
    primary key (authority, number, episode)
);

-- `relative` is the `kind` of `number`, as the record of `number` says in its place `ordinal`.
create table held_relation (
    authority text not null,
    number text not null,
    ordinal smallint not null,
    relative text not null,
    kind text not null,
    parental_responsibility boolean,
    since date,
    until date,
    primary key (authority, number, ordinal)
);
create index held_relation_relative on held_relation (authority, relative);

-- Where the case system says that people live or lived. `household` is a digest of the address; null when it is not whole.
create table held_address (
    authority text not null,
    number text not null,
    ordinal smallint not null,
    household uuid,
    lines text not null,
    postcode text,
    temporary boolean not null,
    since date,
    until date,
    primary key (authority, number, ordinal)
);
create index held_address_household on held_address (household) where household is not null;

create table full_load (
    authority text not null,
    load uuid not null,
    agency text not null,
    heard_at timestamptz not null,
    as_of timestamptz,  -- null until its beginning was heard
    said integer,       -- how many people its end named; null until then
    state text,         -- what was said of it last
    primary key (authority, load)
);
create index full_load_running on full_load (authority) where said is null and state is null;

-- Whom a load named, until it is complete.
create table full_load_person (
    authority text not null,
    load uuid not null,
    number text not null,
    primary key (authority, load, number)
);
