-- How somebody likes to see the desktops. `query` is the page's own filter: codes, never names.
create table saved_view (
    id         uuid primary key,
    person     text not null,
    authority  text not null,
    name       text not null,
    query      text not null,
    made_at    timestamptz not null,
    unique (person, authority, name)
);

-- What somebody searched for: kept for a day, so that the page of results has an address in which no name stands.
create table search (
    id         uuid primary key,
    person     text not null,
    authority  text not null,
    asked      jsonb not null,
    at         timestamptz not null
);
create index search_at on search (at);
