-- The mail door: which addresses are ours, who may send to them, and the mail that came in, stored before its sender is
-- told that it arrived.

-- An address, or a form of addresses. Without a library it is the whole installation's, and whose mail it is follows from
-- the address itself (a token in it) or from who sends.
create table house.mail_address (
  address_no integer generated always as identity primary key,
  domain     text not null check (domain = lower(domain)),
  kind       text not null check (kind in ('phone', 'name', 'tag')), -- 6145550123@, desk@, answer+TOKEN@
  local_part text check (local_part = lower(local_part)),
  library_no integer references house.library,
  capability text not null,                -- 'text gateway', 'staff answer', …
  added_by   text not null,
  added_at   timestamptz not null,
  check ((kind = 'phone') = (local_part is null)),
  unique nulls not distinct (domain, kind, local_part)
);

-- Who may send to what asks for a known sender, and for which library: programs and offices, never patrons.
create table house.mail_source (
  source_no   integer generated always as identity primary key,
  library_no  integer not null references house.library,
  kind        text not null check (kind in ('login', 'host', 'address', 'domain')),
  value       text not null check (value = lower(value)),
  network     cidr,                        -- of a host, to be searched by
  secret_hash bytea check (length(secret_hash) = 32), -- of a login; the secret is 192 random bits
  added_by    text not null,
  added_at    timestamptz not null,
  ended_at    timestamptz,
  ended_by    text,
  check ((kind = 'login') = (secret_hash is not null)),
  check ((kind = 'host') = (network is not null)),
  check ((ended_at is null) = (ended_by is null))
);
create unique index mail_source_in_force on house.mail_source (kind, value, library_no) where ended_at is null;
-- A login is one program with one secret: two libraries cannot have it.
create unique index mail_login on house.mail_source (value) where kind = 'login' and ended_at is null;

-- Where mail waits to be handed on, so that a worker finds it without opening any library's scope.
create table house.mail_waiting (
  library_no integer primary key references house.library,
  due_at     timestamptz not null
);

-- One mail for one address. When it is done, what it said, who sent it and to whom it went are forgotten; that it came and
-- what was done stays a while.
create table mail.arrival (
  library_no       integer not null,
  arrival_no       bigint generated always as identity,
  capability       text not null,
  state            text not null default 'waiting' check (state in ('waiting', 'done', 'kept')), -- kept: for a person to look at
  digest           bytea not null,         -- the same mail again is the same row
  repeats          integer not null default 0,
  arrived_at       timestamptz not null,
  due_at           timestamptz not null,   -- pushed on while somebody hands it on: whoever dies gives it back so
  attempts         smallint not null default 0,
  settled_at       timestamptz,
  said             text,                   -- what was done, or why it is kept
  peer             inet not null,
  -- The mail itself; null once it is done.
  raw              bytea,
  envelope_from    text,
  envelope_to      text,
  authenticated_as text,
  verified_address text,                   -- the From address, when its domain has signed the mail
  primary key (library_no, arrival_no),
  unique (library_no, digest),
  check ((state = 'done') = (raw is null)),
  check ((raw is null) = (envelope_from is null) and (raw is null) = (envelope_to is null)),
  check (raw is not null or (authenticated_as is null and verified_address is null))
);
create index arrival_waiting on mail.arrival (library_no, due_at) where state = 'waiting';
create index arrival_kept on mail.arrival (library_no, arrival_no) where state = 'kept';

call house.fence('mail.arrival');
-- Circulation alone: mail that comes in names people and what they borrow.
grant select, insert, update, delete on mail.arrival to gentle_circulation;
-- What nobody has dealt with cannot be swept.
create policy done_only on mail.arrival as restrictive for delete to gentle_circulation using (state = 'done');

grant select, insert, update on house.mail_address, house.mail_source to gentle_circulation;
grant select, insert, update, delete on house.mail_waiting to gentle_circulation;
grant select on house.mail_address, house.mail_source, house.mail_waiting to gentle_backup;
