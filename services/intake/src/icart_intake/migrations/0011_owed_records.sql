-- The few records that the night team still owes are looked for by themselves (ED-4).
create index submission_record_due on submission (authority, received_at) where record_due;
