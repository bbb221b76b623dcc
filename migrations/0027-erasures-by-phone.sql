-- Whether somebody was erased since they wrote is asked of every text that is read, by the hash of its phone: one step in
-- an index, however long the register of erasures grows.
create index erasure_by_phone on outreach.erasure (library_no, phone_hash, erased_at) where phone_hash is not null;
