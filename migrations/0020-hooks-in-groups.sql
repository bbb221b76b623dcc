-- What providers bring is stored as it came, many hooks in one transaction, and read right behind: so that storing, which the
-- provider waits for, costs little, and a burst of answers waits in a table and not at the provider. A STOP waits in neither.

create table mail.brought (
  library_no integer not null,            -- the line's host: whose it is has not been asked yet
  line_no    integer not null,
  brought_no bigint generated always as identity,
  at         timestamptz not null,
  brings     json not null,               -- as read from a hook whose proof held; not jsonb, which refuses some of what people type
  raw        bytea not null,              -- for a person to look at, where it cannot be processed
  primary key (library_no, line_no, brought_no)
);
call house.fence('mail.brought');
grant select, insert, delete on mail.brought to gentle_circulation;

-- Where hooks wait, so that they are found without opening any library's scope. One process reads a line at a time, so that
-- the texts of a phone stay in their order; it lends itself the line, and whoever dies gives it back so.
create table house.hooks_waiting (
  line_no    integer primary key references house.line,
  library_no integer not null references house.library, -- the host
  due_at     timestamptz not null,
  lent_until timestamptz
);
create index hooks_waiting_due on house.hooks_waiting (due_at);
grant select, insert, update, delete on house.hooks_waiting to gentle_circulation;
grant select on house.hooks_waiting to gentle_backup;
