select number, in_force, begun_at, filled_at, dropped_at from generation order by number
