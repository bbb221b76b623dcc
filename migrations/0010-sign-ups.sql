-- Saying yes on the library's own page: what it offers and in which words, topics within a purpose, sign-ups that wait for
-- their proof, people without a card, and the door in the wall by which a cardholder's own act links the two.

-- What a library offers to be sent, in its own words. No row: the offers and words that come with the program.
create table outreach.offer (
  library_no integer not null,
  purpose    text not null,
  channel    text not null check (channel in ('email', 'sms', 'post')),
  place      smallint not null,            -- in which order they stand on the page
  words      jsonb not null,               -- by language: the exact words, how often, how to leave
  primary key (library_no, purpose, channel)
);

-- Kinds of new titles or events. A bit is given once and never again, so that an old yes keeps its meaning.
create table outreach.topic (
  library_no integer not null,
  bit        smallint not null check (bit between 0 and 59),
  purpose    text not null,
  key        text not null check (key ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
  labels     jsonb not null,               -- by language
  place      smallint not null,
  ended_at   timestamptz,                  -- no longer offered
  primary key (library_no, bit),
  unique (library_no, key)
);

-- How the page looks at this library. No row: as it comes.
create table outreach.join_page (
  library_no     integer primary key,
  public_records boolean not null default false, -- the page says that sign-up lists may be public records here
  origins        text[] not null default '{}'    -- websites that may show the form in a frame
);

-- A form that was sent and not yet proven. What was typed is sealed with a key outside the database, goes when it is
-- confirmed, and is swept after two days; nothing that is not confirmed ever counts.
create table outreach.sign_up (
  library_no   integer not null,
  sign_up_no   bigint generated always as identity,
  state        text not null default 'pending' check (state in ('pending', 'confirmed')),
  ref_hash     bytea not null,             -- of the secret on the page that asks for the code
  link_hash    bytea not null,             -- of the secret in the mail's link
  code_hash    bytea,                      -- keyed; null = no code is out that could be typed
  tries_left   smallint not null default 0,
  email_hash   bytea not null,
  typed        bytea,                      -- sealed
  begun_at     timestamptz not null,
  expires_at   timestamptz not null,
  confirmed_at timestamptz,
  primary key (library_no, sign_up_no),
  unique (library_no, ref_hash),
  check ((state = 'pending') = (typed is not null))
);
create index sign_up_over on outreach.sign_up (library_no, expires_at);

call house.fence('outreach.offer');
call house.fence('outreach.topic');
call house.fence('outreach.join_page');
call house.fence('outreach.sign_up');
grant select, insert, update, delete on outreach.offer, outreach.sign_up to gentle_circulation;
grant select, insert, update on outreach.topic, outreach.join_page to gentle_circulation;
grant select on outreach.topic to gentle_outreach; -- a segment names topics by key

-- Which topics a yes names; covered by the chain like the rest of its entry.
alter table outreach.ledger add column topics bigint check (topics > 0);

alter table outreach.standing
  add column topics bigint not null default 0,        -- of the latest yes of each purpose
  add column has_card boolean not null default true,  -- false: no line of a patron file stands behind this person
  add column card_key bigint;                         -- keyed hash of the card number, cut to 52 bits

-- No index on card_key: it would make a first import a good deal slower (its order is random), and it is asked for only when
-- somebody who typed a card number has proven their address; then the library is read once.
create index standing_without_card on outreach.standing (library_no, email_hash) where not has_card;

-- The name and address are what the person typed, and not yet what the next patron file says.
alter table roster.identity add column typed boolean not null default false;

create or replace view roster.headcount with (security_barrier = true) as
  select library_no, last_use, missing, status, branch, category, language, minor_until, expires_on, email_given,
         email_usable, identity_known,
         case when agreed_email <> 0 then email_hash end as email_hash,
         case when agreed_email <> 0 then household end as household,
         agreed_email, agreed_sms, agreed_post, refused_email, refused_sms, refused_post, paused_until,
         prompted_at, prompts_unanswered, unasked_at, unasked_before_at, topics, has_card
  from outreach.standing;
