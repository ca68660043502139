-- Rows of 2 to 4 kB stay as they are: to compress one takes ten times as long as to write it, and it is written once and read
-- at once. They take half as much room again. What is larger is compressed as ever.
alter table told set (toast_tuple_target = 4080);
alter table for_agency set (toast_tuple_target = 4080);
