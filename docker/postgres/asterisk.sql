-- The PBX's own database. The service makes the account and route tables (app/pbx/realtime/softphones.py) and owns them;
-- the PBX reads those, and writes its event log.
CREATE TABLE cel (
    id bigserial PRIMARY KEY,
    eventtype text NOT NULL,
    eventtime timestamp NOT NULL, -- UTC
    userdeftype text, cid_name text, cid_num text, cid_ani text, cid_rdnis text, cid_dnid text,
    exten text, context text, channame text, appname text, appdata text,
    accountcode text, peeraccount text, uniqueid text, linkedid text,
    amaflags integer, userfield text, peer text, extra text
);
CREATE INDEX cel_linkedid ON cel (linkedid);
CREATE INDEX cel_uniqueid ON cel (uniqueid);
CREATE INDEX cel_eventtime ON cel (eventtime);

GRANT USAGE ON SCHEMA public TO asterisk;
GRANT INSERT, SELECT ON cel TO asterisk;
GRANT USAGE ON SEQUENCE cel_id_seq TO asterisk;
-- The service prunes it, copies it (keskus backup) and lays it back.
ALTER TABLE cel OWNER TO keskus;
GRANT CREATE, USAGE ON SCHEMA public TO keskus;
ALTER DEFAULT PRIVILEGES FOR ROLE keskus IN SCHEMA public GRANT SELECT ON TABLES TO asterisk;
