create table generation (
    number      int primary key,
    in_force    boolean not null default false,
    begun_at    timestamptz not null default now()
);
create unique index generation_one_in_force on generation (in_force) where in_force;
insert into generation (number, in_force) values (1, true);

create table session (
    id          uuid primary key,
    token_hash  bytea not null unique,   -- SHA-256 of what the cookie holds: a copy of the table signs nobody in
    person      text not null,
    name        text not null,
    authority   text not null,
    roles       text[] not null,
    role        text not null,           -- the role in which the person acts now
    csrf        text not null,
    began_at    timestamptz not null,
    seen_at     timestamptz not null
);
create index session_seen on session (seen_at);
