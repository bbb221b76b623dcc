-- What comes back: texts that were made of a mail and did not arrive return to whoever sent the mail, and mails to the
-- library's own mailbox that come back raise an alarm.

-- The mail that a text was made of, for as long as a failure may return to its sender. Gone once it has returned, so that
-- it returns once, and two weeks after it came in any case.
create table mail.text_origin (
  library_no integer not null,
  text_no    bigint not null,
  sender     text not null,                -- where a failure goes
  address    text not null,                -- 6145550123@ the gateway, as it stood in the envelope
  message_id text,
  subject    text not null,
  arrived_at timestamptz not null,
  primary key (library_no, text_no)
);
call house.fence('mail.text_origin');
grant select, insert, delete on mail.text_origin to gentle_circulation;

-- Of an answer that reports such a failure: what it reports. It is written as a delivery status notification, with a null
-- return path. `to_staff`: it comes back to us if it comes back at all, and raises the alarm below.
alter table mail.answer
  add column report jsonb,
  add column to_staff boolean not null default false;

-- A mailbox of the library that takes no mail of ours: one row an outage, cleared when a mail gets through.
create table desk.mailbox_alarm (
  library_no integer not null,
  alarm_no   bigint generated always as identity,
  mailbox    text not null check (mailbox = lower(mailbox)),
  how        text not null check (how in ('refused', 'came back')),
  said       text,                         -- by the server that would not have it
  since      timestamptz not null,
  last_at    timestamptz not null,
  mails      integer not null default 1,
  told       text,                         -- the other mailbox that was told; null when there is none
  cleared_at timestamptz,
  cleared_by text,                         -- a rule
  primary key (library_no, alarm_no),
  check ((cleared_at is null) = (cleared_by is null))
);
create unique index mailbox_alarm_open_once on desk.mailbox_alarm (library_no, mailbox) where cleared_at is null;
call house.fence('desk.mailbox_alarm');
grant select, insert, delete on desk.mailbox_alarm to gentle_circulation;
grant update (how, said, last_at, mails, told, cleared_at, cleared_by) on desk.mailbox_alarm to gentle_circulation;

-- The line that texts for the numbers at a domain leave by; null = the library's only one.
alter table house.mail_address
  add column line_no integer references house.line,
  add check (line_no is null or kind = 'phone');

-- What a request brought where it could be read: it can be tried again. And why a person has set it aside.
alter table mail.hook
  add column brought json,
  add column settled_why text;
grant update (body, brought, settled_why) on mail.hook to gentle_circulation;
