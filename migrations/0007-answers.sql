-- Answers: one mail that answers what a person did a moment ago (a code, a link, a receipt). It rests on that act and on
-- nothing else, so no rule of the gate holds it back and no quiet hour; it is sent at least once, always under one
-- Message-ID. What it says is forgotten once a mail server has taken it; that it was sent stays.
create table mail.answer (
  library_no   integer not null,
  answer_no    bigint generated always as identity,
  basis        text not null default 'service' check (basis = 'service'),
  kind         text not null,              -- what it answers: 'sign-up', 'fresh-code', …
  state        text not null default 'waiting' check (state in ('waiting', 'accepted', 'failed')),
  address_hash bytea not null,             -- how many went to one address on one day is asked by it
  queued_at    timestamptz not null,
  due_at       timestamptz not null,       -- pushed on while somebody hands it over: whoever dies gives it back so
  attempts     smallint not null default 0,
  settled_at   timestamptz,
  said         text,                       -- the mail server's last word
  -- The mail itself; null once it is settled.
  address      text,
  language     text,
  subject      text,
  body_text    text,
  body_html    text,
  primary key (library_no, answer_no),
  check ((state = 'waiting') = (address is not null))
);
create index answer_waiting on mail.answer (library_no, due_at) where state = 'waiting';
create index answer_by_address on mail.answer (library_no, address_hash, queued_at);

call house.fence('mail.answer');
-- Circulation alone: an answer holds an address of somebody who may have agreed to nothing.
grant select, insert, update, delete on mail.answer to gentle_circulation;
