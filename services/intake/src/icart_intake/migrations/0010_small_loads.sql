-- Somebody looked at a full load, and it is whole though it leaves out a great many people.
alter table full_load add column accepts_fewer boolean not null default false;
