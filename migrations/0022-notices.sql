-- Notices that a library system hands over as a file. Each is known by the library system's own message_id, so that the
-- same file twice sends nothing twice, and so that its result finds the way back. No title, barcode or name has a column.
create sequence mail.notice_file_no;

create table mail.notice (
  library_no  integer not null,
  notice_no   bigint generated always as identity,
  message_id  text not null,
  file_no     bigint not null,              -- of mail.notice_file_no: one reading of one file
  received_at timestamptz not null,
  kind        text check (kind in ('hold', 'overdue', 'almost due', 'cancelled hold')),
  items       integer not null default 1,
  refused     text,                         -- why no text was made of it
  text_no     bigint,                       -- the text that it became, with others of the same person and kind
  -- Only until then: whose it is (keyed hash of the card), where it goes, and what the text says.
  person      text,
  patron_no   bigint,
  phone       text,
  place       text,
  language    text,
  due_on      date,
  primary key (library_no, notice_no),
  unique (library_no, message_id),
  check (phone is null or (text_no is null and refused is null)),
  check (phone is not null or (person is null and patron_no is null and place is null and language is null and due_on is null))
);
-- What one person has of one kind at one place stands together, and leaves the index with its text.
create index notice_waiting on mail.notice (library_no, file_no, person, phone, kind, place) where phone is not null;
create index notice_abandoned on mail.notice (library_no, received_at) where phone is not null;
create index notice_of_patron on mail.notice (library_no, patron_no) where patron_no is not null;
create index notice_received on mail.notice (library_no, received_at);

call house.fence('mail.notice');
grant select, insert, update, delete on mail.notice to gentle_circulation;
grant usage on sequence mail.notice_file_no to gentle_circulation;
