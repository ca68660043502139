insert into generation (number) select max(number) + 1 from generation returning number
