-- Which take gave a message into whose hands. The process that took it keeps a short log of that take beside its data;
-- when it dies, the log tells which of its messages had not begun to leave. And a process that wakes up late can no
-- longer write an outcome onto a message that somebody else has taken since.
create sequence mail.take_no;
alter table mail.message add column take_no bigint;
grant usage on sequence mail.take_no to gentle_outreach;
