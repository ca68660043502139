-- Addresses are in `person.homes`, whoever said them, and `residence` says who lives together.
drop table held_address;
