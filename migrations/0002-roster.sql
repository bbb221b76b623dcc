-- The roster: what the library system tells us, cut down to what promise 6 lets us keep. Of somebody who agreed to
-- nothing there is no name and no address here: facts, and keyed hashes whose key lies outside the database.
-- There is no column for anything borrowed (promise 5), and last use is a month.
create sequence roster.run_no;

create table roster.run (
  library_no   integer not null,
  run_no       bigint not null default nextval('roster.run_no'),
  file_name    text not null,
  file_hash    bytea not null,
  file_date    timestamptz not null,
  delta        boolean not null,
  state        text not null check (state in ('checking', 'refused', 'dry-run', 'applying', 'applied', 'broken-off')),
  started_at   timestamptz not null default now(),
  ended_at     timestamptz,
  rows         integer not null default 0,
  added        integer not null default 0,
  changed      integer not null default 0,
  unchanged    integer not null default 0,
  missing      integer not null default 0,
  quarantined  integer not null default 0,
  refused      jsonb,
  approved_by  text,
  primary key (library_no, run_no)
);

create table roster.patron (
  library_no   integer not null,
  patron_id    text not null,              -- the library system's own id; it never leaves this schema
  patron_no    bigint not null,            -- random; all that outreach ever sees
  fingerprint  bytea not null,             -- keyed hash of the line as it stood in the file, and of how it was read
  guardian_id  text,
  missing      smallint not null default 0, -- full files in a row without this patron
  primary key (library_no, patron_id)
);
-- One index only, in the order in which a file usually comes: the facts, and the way back from a number, are in
-- outreach.standing, so that an import writes each of them once.

-- Only of people who agreed to something (or all, where the library says why); forgotten after the last consent ends.
create table roster.identity (
  library_no     integer not null,
  patron_no      bigint not null,
  given_name     text not null,
  family_name    text not null,
  preferred_name text not null,
  email          text,
  phone          text,
  address_line1  text not null,
  address_line2  text not null,
  city           text not null,
  region         text not null,
  postal_code    text not null,
  country        text not null,
  learned_at     timestamptz not null default now(),
  primary key (library_no, patron_no)
);

call house.fence('roster.run');
call house.fence('roster.patron');
call house.fence('roster.identity');
grant select, insert, update on roster.run, roster.patron to gentle_circulation;
grant select, insert, update, delete on roster.identity to gentle_circulation;
grant usage on sequence roster.run_no to gentle_circulation;
