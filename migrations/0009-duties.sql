-- What a library owes beside sending: keys for other programs, its policy, how long things are kept, holds, the register
-- of requests by others, and who gets the head of the ledger each day.

-- A key for a program of the library's own: a sign-up tablet, the library system. Only the SHA-256 of it is kept; it is
-- 256 random bits, so a slow hash would add nothing.
create table desk.api_key (
  library_no   integer not null,
  key_no       integer not null,           -- 1, 2, 3 … in each library: named so on the command line
  name         text not null,
  key_hash     bytea not null check (length(key_hash) = 32),
  may          text[] not null check (may <@ array['capture', 'invite'] and may <> '{}'),
  created_at   timestamptz not null,
  created_by   text not null,
  last_used_at timestamptz,                -- to the minute, so that a busy key does not write at each use
  ended_at     timestamptz,
  ended_by     text,
  primary key (library_no, key_no),
  unique (library_no, key_hash)
);

-- Where a library departs from the strict default, with its reason and a name: appended and never changed.
create table outreach.policy_change (
  library_no integer not null,
  change_no  bigint generated always as identity,
  item       text not null,
  value      jsonb,                        -- null = back to the strict default
  because    text,
  by_name    text not null,
  at         timestamptz not null,
  primary key (library_no, change_no)
);
create function outreach.policy_is_append_only() returns trigger language plpgsql as $$
begin
  raise exception 'a change of policy is appended, never changed';
end $$;
create trigger append_only before update or delete or truncate on outreach.policy_change
  for each statement execute function outreach.policy_is_append_only();

-- What the gate and the import ask of the policy stands beside the rest that they ask of a library.
alter table house.library add column consent_months smallint check (consent_months between 6 and 120);

-- A hold: counsel says that nothing of this kind may be deleted for now.
create table desk.hold (
  library_no    integer not null,
  hold_no       integer not null,
  kind          text not null,             -- a class of record, or 'all'
  because       text not null,
  by_name       text not null,
  since         timestamptz not null,
  ended_at      timestamptz,
  ended_by      text,
  ended_because text,
  primary key (library_no, hold_no),
  check ((ended_at is null) = (ended_by is null) and (ended_at is null) = (ended_because is null))
);

-- What a night's work is: one row a library, job and day, claimed by whichever process comes first.
create table desk.nightly (
  library_no integer not null,
  job        text not null,
  day        date not null,                -- at the library
  claimed_at timestamptz not null,
  tries      smallint not null default 1,
  ended_at   timestamptz,
  said       text,                         -- what came of it, or what went wrong
  primary key (library_no, job, day)
);

-- What a sweep removed: numbers only.
create table desk.sweep (
  library_no integer not null,
  sweep_no   bigint generated always as identity,
  at         timestamptz not null,
  kind       text not null,
  older_than timestamptz not null,
  removed    integer not null,
  held       boolean not null,             -- a hold stopped it
  primary key (library_no, sweep_no)
);

-- Requests by police, lawyers, parents, agencies. There is no column for the person they asked about, on purpose.
create table desk.request (
  library_no  integer not null,
  request_no  integer not null,
  asked_on    date not null,
  asker       text not null,
  asked_as    text not null check (asked_as in ('police', 'court', 'lawyer', 'parent', 'agency', 'press', 'other')),
  paper       text not null,               -- 'subpoena', 'none', …
  noted_by    text not null,
  noted_at    timestamptz not null,
  decision    text check (decision in ('refused', 'answered', 'partly answered', 'withdrawn')),
  because     text,
  decided_by  text,
  decided_at  timestamptz,
  passed_on   boolean not null default false, -- that somebody was told; not who
  primary key (library_no, request_no),
  check ((decision is null) = (decided_by is null) and (decision is null) = (decided_at is null))
);

-- Where the head of the ledger goes each day, so that a change behind our back shows against a copy elsewhere.
create table desk.head_destination (
  library_no     integer not null,
  destination_no integer not null,
  kind           text not null check (kind in ('email', 'file', 'webhook')),
  target         text not null,
  added_by       text not null,
  added_at       timestamptz not null,
  last_sent_at   timestamptz,
  last_said      text,
  ended_at       timestamptz,
  primary key (library_no, destination_no)
);

call house.fence('desk.api_key');
call house.fence('outreach.policy_change');
call house.fence('desk.hold');
call house.fence('desk.nightly');
call house.fence('desk.sweep');
call house.fence('desk.request');
call house.fence('desk.head_destination');

grant select, insert, delete on desk.api_key to gentle_circulation;
grant update (last_used_at, ended_at, ended_by) on desk.api_key to gentle_circulation;
grant select, insert on outreach.policy_change to gentle_circulation;
grant select, insert on desk.hold to gentle_circulation;
grant update (ended_at, ended_by, ended_because) on desk.hold to gentle_circulation;
grant select, insert, update, delete on desk.nightly to gentle_circulation;
grant select, insert, delete on desk.sweep to gentle_circulation;
grant select, insert, delete on desk.request to gentle_circulation;
grant update (decision, because, decided_by, decided_at, passed_on) on desk.request to gentle_circulation;
grant select, insert on desk.head_destination to gentle_circulation;
grant update (last_sent_at, last_said, ended_at) on desk.head_destination to gentle_circulation;

-- The sweep. What a policy here refuses cannot be deleted whatever the schedule says: a message that is still to be
-- settled, a look at a patron in its first year, a key that still opens, a request that nobody has decided.
grant delete on mail.message, mail.event, roster.run, desk.audit to gentle_circulation;
create policy settled_only on mail.message as restrictive for delete to gentle_circulation
  using (state not in ('waiting', 'handing'));
create policy after_a_year on desk.audit as restrictive for delete to gentle_circulation
  using (at < now() - interval '364 days');
create policy ended_only on desk.api_key as restrictive for delete to gentle_circulation using (ended_at is not null);
create policy decided_only on desk.request as restrictive for delete to gentle_circulation using (decision is not null);
