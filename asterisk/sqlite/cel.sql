-- The PBX's event log, as cel_sqlite3_custom.conf fills it. Asterisk would make the table itself, without indexes.
CREATE TABLE IF NOT EXISTS cel (
    AcctId INTEGER PRIMARY KEY,
    eventtype, eventtime, cid_name, cid_num, cid_ani, cid_rdnis, cid_dnid, exten, context, channame, appname, appdata,
    amaflags, accountcode, peeraccount, uniqueid, linkedid, userfield, peer, userdeftype, extra
);
CREATE INDEX IF NOT EXISTS cel_linkedid ON cel (linkedid);
CREATE INDEX IF NOT EXISTS cel_uniqueid ON cel (uniqueid);
