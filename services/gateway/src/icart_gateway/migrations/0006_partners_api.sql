create table api_client (
    id           uuid primary key,
    agency       text not null,
    salt         bytea not null,
    secret_hash  bytea not null,         -- scrypt: a copy of the table signs nobody in
    made_at      timestamptz not null,
    revoked_at   timestamptz
);
create unique index api_client_agency on api_client (agency) where revoked_at is null;

create table api_key (
    only_one  boolean primary key default true check (only_one),
    pem       text not null              -- signs access tokens, unless the settings name a file
);

create table receipt (
    id           uuid primary key,       -- of the message that was published; it follows from agency, key and digest
    agency       text not null,
    key          text not null,          -- the caller's Idempotency-Key, or the digest where none was given
    digest       bytea not null,         -- SHA-256 of type and body
    type         text not null,
    subject      uuid not null,          -- the agency's own id of what it sent
    begun_at     timestamptz not null,
    received_at  timestamptz,            -- acknowledged by every in-sync replica; null while it is under way
    correlation  uuid,
    unique (agency, key)
);
create index receipt_begun on receipt (begun_at);

create table upload (
    agency  text not null,
    id      uuid not null,
    size    bigint not null,
    sha256  text not null,
    type    text not null,
    at      timestamptz not null,
    primary key (agency, id)
);
create index upload_at on upload (at);

create table webhook (
    id       uuid primary key,
    agency   text not null,
    url      text not null,
    secret   text not null,              -- signs; whoever reads this table could forge a knock, and a knock says nothing
    made_at  timestamptz not null,
    places   jsonb not null,             -- how far it was told, by topic and partition
    unique (agency, url)
);

create table knock (
    id            uuid primary key,      -- webhook-id: follows from the webhook and the place of the message
    webhook       uuid not null references webhook on delete cascade,
    event         text not null,
    subject       uuid,
    at            timestamptz not null,
    made_at       timestamptz not null,
    attempts      int not null default 0,
    next_at       timestamptz not null,
    delivered_at  timestamptz,
    dead_at       timestamptz,
    failure       text                   -- why the last try failed: a status or the kind of an error, never an answer's words
);
create index knock_due on knock (next_at) where delivered_at is null and dead_at is null;
create index knock_of_webhook on knock (webhook, made_at);
