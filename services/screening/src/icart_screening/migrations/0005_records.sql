-- What came in a period, for its reconciliation (SC-26).
create index contact_received on contact (authority, received_at, id);

-- Who read a contact's record as a document, as whose copy, and why. Rows are only added.
create table record_read (
    contact uuid not null,
    at timestamptz not null,
    person text not null,
    reader text not null,
    reason text not null
);
create index record_read_contact on record_read (contact, at);

-- A contact by the reference that people know it by.
create index contact_reference on contact ((state ->> 'reference'));
