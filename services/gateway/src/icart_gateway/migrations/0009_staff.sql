-- Whoever has signed in, by the opaque id that records hold: pages show a name where a record says who did something.
create table staff (
    authority  text not null,
    person     text not null,
    name       text not null,
    roles      text[] not null,
    seen_at    timestamptz not null,     -- signed in last
    primary key (authority, person)
);
