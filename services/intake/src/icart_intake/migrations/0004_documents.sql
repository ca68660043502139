-- A document that a submission names (IN-14). What a message said of it is here from the start; the rest was found by
-- looking at it, and stands in the store beside it as well, so that a table built anew from the topics gets it back.
create table document (
    id uuid primary key,            -- follows from the agency and its id of the attachment
    agency text not null,
    attachment uuid not null,
    submission uuid not null,       -- the first that named it
    reference text not null,
    authority text not null,
    pack_version text not null,
    reply_to jsonb not null,
    correlation uuid not null,
    name text not null,
    declared_type text not null,
    declared_size bigint not null,
    declared_sha256 text not null,
    instead_of uuid,                -- the attachment that it takes the place of
    named_at timestamptz not null,
    state text not null,            -- named, waiting, clean, refused, missing
    reason text,                    -- why it was refused
    kind text,
    size bigint,
    sha256 text,
    received_at timestamptz,
    settled_at timestamptz,
    -- The work on it. All of it is at its defaults again when the document is settled and cleared.
    look_at timestamptz not null default '-infinity',
    tries int not null default 0,
    lease uuid,
    leased_until timestamptz,
    cleared boolean not null default false      -- nothing of it is left in the arrivals
);
create index document_due on document (look_at, id) where state in ('named', 'waiting') or not cleared;
create index document_waiting on document (received_at) where state = 'waiting';

-- Which submissions name it.
create table document_of (
    submission uuid not null,
    document uuid not null,
    primary key (submission, document)
);
create index document_of_document on document_of (document);

-- Who fetched a document, when and why.
create table document_fetch (
    document uuid not null,
    at timestamptz not null,
    person text not null,
    reason text not null
);
create index document_fetch_document on document_fetch (document, at);
