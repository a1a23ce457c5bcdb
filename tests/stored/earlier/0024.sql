BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0024');
CREATE TABLE attempt (
	id VARCHAR(150) NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	lead_id BIGINT NOT NULL, 
	contact_id BIGINT, 
	position INTEGER NOT NULL, 
	number VARCHAR(40) NOT NULL, 
	mode VARCHAR NOT NULL, 
	rule_set VARCHAR NOT NULL, 
	runner VARCHAR(80) NOT NULL, 
	placed_at VARCHAR(32) NOT NULL, 
	sent_at VARCHAR(32), 
	answered_at VARCHAR(32), 
	connected_at VARCHAR(32), 
	ended_at VARCHAR(32), 
	outcome VARCHAR, 
	cause INTEGER, 
	amd VARCHAR NOT NULL, 
	call_id VARCHAR(150), 
	operator_id INTEGER, 
	disposition_id INTEGER, 
	note TEXT NOT NULL, cost FLOAT, 
	CONSTRAINT pk_attempt PRIMARY KEY (id)
);
CREATE TABLE call (
	id VARCHAR(150) NOT NULL, 
	channel VARCHAR NOT NULL, 
	channel_name VARCHAR NOT NULL, 
	caller_number VARCHAR NOT NULL, 
	caller_name VARCHAR NOT NULL, 
	contact_id BIGINT, 
	dialed VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	skills JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	first_queue VARCHAR NOT NULL, 
	queue VARCHAR NOT NULL, 
	arrived_at VARCHAR(32) NOT NULL, 
	answered_at VARCHAR(32), 
	ended_at VARCHAR(32), 
	waited_s FLOAT NOT NULL, 
	rang_s FLOAT NOT NULL, 
	talked_s FLOAT NOT NULL, 
	held_s FLOAT NOT NULL, 
	duration_s FLOAT NOT NULL, 
	operator_id INTEGER, 
	outcome VARCHAR, 
	ended_by VARCHAR, 
	hangup_cause INTEGER, 
	hangup_text VARCHAR NOT NULL, source VARCHAR DEFAULT 'heard' NOT NULL, campaign_id INTEGER, direction VARCHAR DEFAULT 'inbound' NOT NULL, refused_by VARCHAR DEFAULT '' NOT NULL, cost BIGINT, caller_sent VARCHAR DEFAULT '' NOT NULL, number_withheld BOOLEAN DEFAULT 0 NOT NULL, caller_operator_id INTEGER, 
	CONSTRAINT pk_call PRIMARY KEY (id)
);
INSERT INTO "call" VALUES('1764000000.1','1764000000.1','PJSIP/trunk-1','+37255500123','',1,'6001000','et','["lang:et"]',0,'sales','sales','2026-11-29 22:53:48.874162+00:00','2026-11-29 22:53:48.881176+00:00','2026-11-29 22:53:48.882746+00:00',0.00701398600358516,3.6746020050486549735e-03,1.57032499555498361587e-03,0.0,8.58431099914014339447e-03,1,'answered','pbx',16,'','unheard',NULL,'inbound','',NULL,'',0,NULL);
CREATE TABLE call_event (
	call_id VARCHAR(150) NOT NULL, 
	seq BIGINT NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	kind VARCHAR NOT NULL, 
	cause VARCHAR NOT NULL, 
	operator_id INTEGER, 
	data JSON NOT NULL, 
	CONSTRAINT pk_call_event PRIMARY KEY (call_id, seq)
);
INSERT INTO "call_event" VALUES('1764000000.1',1795992828874162,'2026-11-29 22:53:48.874162+00:00','CallArrived','',NULL,'{"queue":"sales","caller_number":"+37255500123","caller_name":"","dialed":"6001000","channel_name":"PJSIP/trunk-1","language":"et","skills":["lang:et"],"priority":0,"campaign":null,"caller_sent":"","number_withheld":false,"internal":false}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828874163,'2026-11-29 22:53:48.874162+00:00','CallQueued','arrived',NULL,'{"queue":"sales"}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828874164,'2026-11-29 22:53:48.874162+00:00','OfferMade','',1,'{"offer":1,"endpoint":"op1","queue":"sales","reason":{"rule":"longest_idle","level":1,"skills":["lang:et"],"idle_s":0.5089481780014466,"waited_s":0.0,"urgency":0.0,"idle_operators":1,"waiting_calls":1,"kept_operators":0}}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828877308,'2026-11-29 22:53:48.877308+00:00','CallerKnown','lookup',NULL,'{"name":"Õunapuu Jüri","contact":1,"matches":[1]}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828877501,'2026-11-29 22:53:48.877501+00:00','OfferRang','',1,'{"offer":1,"leg":"1764000000.1.1"}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828881176,'2026-11-29 22:53:48.881176+00:00','OfferEnded','answered',1,'{"offer":1,"outcome":"accepted"}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828881177,'2026-11-29 22:53:48.881176+00:00','CallAnswered','offer',1,'{"leg":"1764000000.1.1","waited_s":0.00701398600358516}');
INSERT INTO "call_event" VALUES('1764000000.1',1795992828882747,'2026-11-29 22:53:48.882746+00:00','CallEnded','pbx',1,'{"outcome":"answered","duration_s":0.008584310999140143,"hangup_cause":16,"hangup_text":""}');
CREATE TABLE call_leg (
	call_id VARCHAR(150) NOT NULL, 
	number INTEGER NOT NULL, 
	operator_id INTEGER, 
	endpoint VARCHAR NOT NULL, 
	channel VARCHAR, 
	began_at VARCHAR(32) NOT NULL, 
	answered_at VARCHAR(32), 
	ended_at VARCHAR(32) NOT NULL, 
	rang_s FLOAT NOT NULL, 
	talked_s FLOAT NOT NULL, 
	held_s FLOAT NOT NULL, 
	outcome VARCHAR, phone_lost BOOLEAN DEFAULT 0 NOT NULL, 
	CONSTRAINT pk_call_leg PRIMARY KEY (call_id, number)
);
INSERT INTO "call_leg" VALUES('1764000000.1',0,1,'op1','1764000000.1.1','2026-11-29 22:53:48.874162+00:00','2026-11-29 22:53:48.881176+00:00','2026-11-29 22:53:48.882746+00:00',3.6746020050486549735e-03,1.57032499555498361587e-03,0.0,'accepted',0);
CREATE TABLE campaign (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	title VARCHAR(100) NOT NULL, 
	purpose VARCHAR NOT NULL, 
	mode VARCHAR NOT NULL, 
	queue VARCHAR(40) NOT NULL, 
	caller_id VARCHAR NOT NULL, 
	trunk VARCHAR NOT NULL, 
	ring_s INTEGER NOT NULL, 
	priority INTEGER NOT NULL, 
	lines FLOAT NOT NULL, 
	preview_s INTEGER NOT NULL, 
	rule_set VARCHAR NOT NULL, 
	abandon_limit FLOAT NOT NULL, 
	connect_s FLOAT NOT NULL, 
	message VARCHAR NOT NULL, 
	detect_machines BOOLEAN NOT NULL, 
	machine VARCHAR NOT NULL, 
	machine_message VARCHAR NOT NULL, 
	amd_parameters JSON NOT NULL, 
	hours JSON NOT NULL, 
	holidays BOOLEAN NOT NULL, 
	country VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	recycling JSON NOT NULL, 
	callback_wait_s INTEGER NOT NULL, 
	disposition_required BOOLEAN NOT NULL, 
	starts_at VARCHAR(32), 
	ends_at VARCHAR(32), 
	state VARCHAR NOT NULL, 
	state_reason VARCHAR NOT NULL, 
	state_at VARCHAR(32) NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, prefixes JSON DEFAULT '[]' NOT NULL, spend_per_day FLOAT, again_at VARCHAR DEFAULT 'gap' NOT NULL, legal_basis VARCHAR DEFAULT '' NOT NULL, legal_basis_note TEXT DEFAULT '' NOT NULL, callers_weight FLOAT DEFAULT '0.8' NOT NULL, 
	CONSTRAINT fk_campaign_queue FOREIGN KEY(queue) REFERENCES queue (id), 
	CONSTRAINT uq_campaign_title UNIQUE (title)
);
INSERT INTO "campaign" VALUES(1,'Kevad','marketing','progressive','sales','','trunk',25,0,1.0,0,'own',0.03,2.0,'please-try-call-later',0,'hang_up','','{}','[{"days":[1,2,3,4,5,6,7],"from":"00:00","to":"24:00"}]',1,'EE','Europe/Tallinn','{"again":{},"other_number_gap_s":60.0,"max_per_day":3,"max_per_campaign":10,"max_per_number":6,"max_per_day_of_number":null,"max_per_day_of_contact":null}',900,0,NULL,NULL,'draft','','2026-11-29 22:53:48.506887+00:00','2026-11-29 22:53:48.506887+00:00','2026-11-29 22:53:48.506887+00:00','[]',NULL,'gap','existing_customers','',0.8);
CREATE TABLE campaign_change (
	id INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	user_id INTEGER, 
	what VARCHAR NOT NULL, 
	detail JSON NOT NULL, 
	CONSTRAINT pk_campaign_change PRIMARY KEY (id)
);
INSERT INTO "campaign_change" VALUES(1,1,'2026-11-29 22:53:48.506887+00:00',2,'made','{"title":"Kevad"}');
INSERT INTO "campaign_change" VALUES(2,1,'2026-11-29 22:53:48.648243+00:00',2,'leads_given','{"added":1}');
CREATE TABLE campaign_hour (
	campaign_id INTEGER NOT NULL, 
	hour INTEGER NOT NULL, 
	placed INTEGER NOT NULL, 
	answered INTEGER NOT NULL, 
	CONSTRAINT pk_campaign_hour PRIMARY KEY (campaign_id, hour)
);
CREATE TABLE campaign_spend (
	campaign_id INTEGER NOT NULL, 
	day DATE NOT NULL, 
	spent FLOAT NOT NULL, 
	CONSTRAINT pk_campaign_spend PRIMARY KEY (campaign_id, day)
);
CREATE TABLE consent (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	word VARCHAR(20) NOT NULL, 
	number VARCHAR(40), 
	contact_id BIGINT, 
	purpose VARCHAR, 
	campaign_id INTEGER, 
	source VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	given_at VARCHAR(32) NOT NULL, 
	until VARCHAR(32), 
	user_id INTEGER, 
	created_at VARCHAR(32) NOT NULL, 
	removed_at VARCHAR(32), 
	removed_by INTEGER, 
	removed_reason TEXT NOT NULL, 
	CONSTRAINT ck_consent_number_or_contact CHECK ((number IS NULL) <> (contact_id IS NULL))
);
INSERT INTO "consent" VALUES(1,'do_not_call','+37255500009',NULL,NULL,NULL,'kiri','','2026-11-29 22:53:48.853623+00:00',NULL,2,'2026-11-29 22:53:48.853623+00:00',NULL,NULL,'');
CREATE TABLE consent_list (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	user_id INTEGER, 
	word VARCHAR(20) NOT NULL, 
	purpose VARCHAR, 
	campaign_id INTEGER, 
	source VARCHAR NOT NULL, 
	until VARCHAR(32), 
	size BIGINT NOT NULL, 
	state VARCHAR NOT NULL, 
	reading JSON NOT NULL, 
	progress FLOAT NOT NULL, 
	rows INTEGER NOT NULL, 
	added INTEGER NOT NULL, 
	known INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	rejected_bytes BIGINT NOT NULL, 
	rejections JSON NOT NULL, 
	note TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	began_at VARCHAR(32), 
	ended_at VARCHAR(32)
);
CREATE TABLE contact (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	kind VARCHAR NOT NULL, 
	surname VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	patronymic VARCHAR NOT NULL, 
	company_name VARCHAR NOT NULL, 
	note TEXT NOT NULL, 
	external_id VARCHAR, 
	language VARCHAR NOT NULL, 
	last_operator_id INTEGER, 
	last_served_at VARCHAR(32), 
	search VARCHAR NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	updated_at VARCHAR(32) NOT NULL, 
	CONSTRAINT uq_contact_external_id UNIQUE (external_id)
);
INSERT INTO "contact" VALUES(1,'person','Õunapuu','Jüri','','','Helistab õhtul','crm-1','',1,'2026-11-29 22:53:48.882746+00:00','õunapuu jüri','2026-11-29 22:53:48.400170+00:00','2026-11-29 22:53:48.400170+00:00');
CREATE TABLE disposition (
	id INTEGER NOT NULL, 
	campaign_id INTEGER, 
	code VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	human BOOLEAN NOT NULL, 
	sale BOOLEAN NOT NULL, 
	do_not_call BOOLEAN NOT NULL, 
	callback BOOLEAN NOT NULL, 
	unworkable BOOLEAN NOT NULL, 
	answering_machine BOOLEAN NOT NULL, 
	position INTEGER NOT NULL, 
	active BOOLEAN NOT NULL, titles JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT pk_disposition PRIMARY KEY (id), 
	CONSTRAINT fk_disposition_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT uq_disposition_campaign_id_code UNIQUE (campaign_id, code)
);
INSERT INTO "disposition" VALUES(1,NULL,'sale','Tellis',1,1,0,0,0,0,10,1,'{"et":"Tellis","ru":"Заказ","en":"Ordered"}');
INSERT INTO "disposition" VALUES(2,NULL,'reached','Räägitud',1,0,0,0,0,0,20,1,'{"et":"Räägitud","ru":"Поговорили","en":"Talked"}');
INSERT INTO "disposition" VALUES(3,NULL,'callback','Helistada tagasi',1,0,0,1,0,0,30,1,'{"et":"Helistada tagasi","ru":"Перезвонить","en":"Call back"}');
INSERT INTO "disposition" VALUES(4,NULL,'not_interested','Ei soovi',1,0,0,0,0,0,40,1,'{"et":"Ei soovi","ru":"Не интересует","en":"Not interested"}');
INSERT INTO "disposition" VALUES(5,NULL,'do_not_call','Mitte enam helistada',1,0,1,0,0,0,50,1,'{"et":"Mitte enam helistada","ru":"Больше не звонить","en":"Do not call again"}');
INSERT INTO "disposition" VALUES(6,NULL,'wrong_number','Vale number',1,0,0,0,1,0,60,1,'{"et":"Vale number","ru":"Не тот номер","en":"Wrong number"}');
INSERT INTO "disposition" VALUES(7,NULL,'answering_machine','Automaatvastaja',0,0,0,0,0,1,70,1,'{"et":"Automaatvastaja","ru":"Автоответчик","en":"Answering machine"}');
CREATE TABLE engaged (
	"key" VARCHAR(40) NOT NULL, 
	lead_id BIGINT NOT NULL, 
	CONSTRAINT pk_engaged PRIMARY KEY ("key"), 
	CONSTRAINT fk_engaged_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE
);
CREATE TABLE event_log_mark (
	pbx VARCHAR(80) NOT NULL, 
	row_id BIGINT NOT NULL, heard_at VARCHAR(32), clock_sets JSON DEFAULT '[]' NOT NULL, 
	CONSTRAINT pk_event_log_mark PRIMARY KEY (pbx)
);
CREATE TABLE import_job (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	user_id INTEGER, 
	name VARCHAR NOT NULL, 
	size BIGINT NOT NULL, 
	state VARCHAR NOT NULL, 
	dry_run BOOLEAN NOT NULL, 
	reading JSON NOT NULL, 
	runner VARCHAR NOT NULL, 
	progress FLOAT NOT NULL, 
	rows INTEGER NOT NULL, 
	rejected_bytes BIGINT NOT NULL, 
	added INTEGER NOT NULL, 
	duplicates INTEGER NOT NULL, 
	rejected INTEGER NOT NULL, 
	removed INTEGER NOT NULL, 
	note TEXT NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	began_at VARCHAR(32), 
	ended_at VARCHAR(32), look JSON DEFAULT '{}' NOT NULL, 
	CONSTRAINT fk_import_job_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE
);
CREATE TABLE known_place (
	user_id INTEGER NOT NULL, 
	mark VARCHAR(64) NOT NULL, 
	kind VARCHAR(10) NOT NULL, 
	last_seen_at VARCHAR(32) NOT NULL, 
	PRIMARY KEY (user_id, mark), 
	FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE
);
CREATE TABLE lead (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	campaign_id INTEGER NOT NULL, 
	contact_id BIGINT, 
	external_id VARCHAR, 
	surname VARCHAR NOT NULL, 
	given_name VARCHAR NOT NULL, 
	patronymic VARCHAR NOT NULL, 
	company_name VARCHAR NOT NULL, 
	time_zone VARCHAR NOT NULL, 
	rank INTEGER NOT NULL, 
	variables JSON NOT NULL, 
	state VARCHAR NOT NULL, 
	reason VARCHAR NOT NULL, 
	next_at VARCHAR(32), 
	next_position INTEGER NOT NULL, 
	attempts INTEGER NOT NULL, 
	last_outcome VARCHAR, 
	attempt_id VARCHAR(150), 
	runner VARCHAR(80) NOT NULL, 
	lease_until VARCHAR(32), 
	callback_at VARCHAR(32), 
	callback_operator INTEGER, 
	import_job_id INTEGER, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT fk_lead_campaign_id FOREIGN KEY(campaign_id) REFERENCES campaign (id) ON DELETE CASCADE, 
	CONSTRAINT fk_lead_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id) ON DELETE CASCADE, 
	CONSTRAINT uq_lead_campaign_id_external_id UNIQUE (campaign_id, external_id)
);
INSERT INTO "lead" VALUES(1,1,NULL,'a','','','','','',0,'{"Arve":"17"}','ready','added',NULL,0,0,NULL,NULL,'',NULL,NULL,NULL,NULL,'2026-11-29 22:53:48.648243+00:00');
CREATE TABLE lead_number (
	lead_id BIGINT NOT NULL, 
	position INTEGER NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	e164 VARCHAR(40) NOT NULL, 
	raw VARCHAR NOT NULL, 
	attempts INTEGER NOT NULL, 
	last_outcome VARCHAR, 
	usable BOOLEAN NOT NULL, extension VARCHAR(20) DEFAULT '' NOT NULL, 
	CONSTRAINT pk_lead_number PRIMARY KEY (lead_id, position), 
	CONSTRAINT fk_lead_number_lead_id FOREIGN KEY(lead_id) REFERENCES lead (id) ON DELETE CASCADE, 
	CONSTRAINT uq_lead_number_campaign_id_e164 UNIQUE (campaign_id, e164)
);
INSERT INTO "lead_number" VALUES(1,0,1,'+37255500001','5550 0001',0,NULL,1,'');
CREATE TABLE membership (
	operator_id INTEGER NOT NULL, 
	queue VARCHAR(40) NOT NULL, 
	level INTEGER NOT NULL, 
	CONSTRAINT pk_membership PRIMARY KEY (operator_id, queue), 
	CONSTRAINT fk_membership_operator_id FOREIGN KEY(operator_id) REFERENCES operator (id) ON DELETE CASCADE, 
	CONSTRAINT fk_membership_queue FOREIGN KEY(queue) REFERENCES queue (id) ON DELETE CASCADE
);
INSERT INTO "membership" VALUES(1,'sales',1);
INSERT INTO "membership" VALUES(2,'sales',1);
CREATE TABLE operator (
	id INTEGER NOT NULL, 
	skills JSON NOT NULL, 
	auto_answer BOOLEAN NOT NULL, 
	CONSTRAINT pk_operator PRIMARY KEY (id), 
	CONSTRAINT fk_operator_id FOREIGN KEY(id) REFERENCES user_account (id) ON DELETE CASCADE
);
INSERT INTO "operator" VALUES(1,'["lang:et"]',0);
INSERT INTO "operator" VALUES(2,'["lang:et"]',0);
CREATE TABLE operator_state (
	operator_id INTEGER NOT NULL, 
	seq BIGINT NOT NULL, 
	from_at VARCHAR(32) NOT NULL, 
	to_at VARCHAR(32), 
	duration_s FLOAT, 
	presence VARCHAR NOT NULL, 
	break_reason VARCHAR NOT NULL, 
	routing VARCHAR NOT NULL, 
	device VARCHAR NOT NULL, 
	call_id VARCHAR, 
	pending VARCHAR, 
	cause VARCHAR NOT NULL, 
	end_cause VARCHAR NOT NULL, 
	CONSTRAINT pk_operator_state PRIMARY KEY (operator_id, seq)
);
INSERT INTO "operator_state" VALUES(1,1795992828358546,'2026-11-29 22:53:48.358546+00:00','2026-11-29 22:53:48.364945+00:00',6.39886099816067144274e-03,'offline','','idle','unreachable',NULL,NULL,'settings','device');
INSERT INTO "operator_state" VALUES(1,1795992828364945,'2026-11-29 22:53:48.364945+00:00','2026-11-29 22:53:48.365214+00:00',2.6847399567486718297e-04,'offline','','idle','registered',NULL,NULL,'device','operator');
INSERT INTO "operator_state" VALUES(1,1795992828365214,'2026-11-29 22:53:48.365214+00:00','2026-11-29 22:53:48.874162+00:00',5.08948178001446649432e-01,'available','','idle','registered',NULL,NULL,'operator','offered');
INSERT INTO "operator_state" VALUES(1,1795992828874165,'2026-11-29 22:53:48.874162+00:00','2026-11-29 22:53:48.877501+00:00',3.33938399853650480508e-03,'available','','reserved','registered','1764000000.1',NULL,'offered','ringing');
INSERT INTO "operator_state" VALUES(1,1795992828877502,'2026-11-29 22:53:48.877501+00:00','2026-11-29 22:53:48.881176+00:00',3.6746020050486549735e-03,'available','','ringing','registered','1764000000.1',NULL,'ringing','answered');
INSERT INTO "operator_state" VALUES(1,1795992828881178,'2026-11-29 22:53:48.881176+00:00','2026-11-29 22:53:48.882746+00:00',1.57032499555498361587e-03,'available','','talking','registered','1764000000.1',NULL,'answered','call_ended');
INSERT INTO "operator_state" VALUES(1,1795992828882746,'2026-11-29 22:53:48.882746+00:00',NULL,NULL,'available','','wrap_up','registered',NULL,NULL,'call_ended','');
INSERT INTO "operator_state" VALUES(2,1795992829050840,'2026-11-29 22:53:49.050840+00:00','2026-11-29 22:53:49.056203+00:00',5.36213700252119451761e-03,'offline','','idle','unreachable',NULL,NULL,'settings','device');
INSERT INTO "operator_state" VALUES(2,1795992829056203,'2026-11-29 22:53:49.056203+00:00','2026-11-29 22:53:49.056434+00:00',2.31824997172225266695e-04,'offline','','idle','registered',NULL,NULL,'device','operator');
INSERT INTO "operator_state" VALUES(2,1795992829056434,'2026-11-29 22:53:49.056434+00:00',NULL,NULL,'available','','idle','registered',NULL,NULL,'operator','');
CREATE TABLE phone (
	id INTEGER NOT NULL, 
	contact_id BIGINT NOT NULL, 
	e164 VARCHAR(40) NOT NULL, 
	raw VARCHAR NOT NULL, 
	label VARCHAR NOT NULL, 
	CONSTRAINT pk_phone PRIMARY KEY (id), 
	CONSTRAINT fk_phone_contact_id FOREIGN KEY(contact_id) REFERENCES contact (id) ON DELETE CASCADE, 
	CONSTRAINT uq_phone_contact_id_e164 UNIQUE (contact_id, e164)
);
INSERT INTO "phone" VALUES(1,1,'+37255500123','5550 0123','töö');
CREATE TABLE queue (
	id VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	skills JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	target_s FLOAT NOT NULL, 
	ring_s INTEGER NOT NULL, 
	wrap_up_s FLOAT NOT NULL, 
	preferred_s FLOAT NOT NULL, 
	miss_limit INTEGER NOT NULL, 
	retry_s FLOAT NOT NULL, 
	max_wait_s FLOAT NOT NULL, 
	max_wait_then VARCHAR NOT NULL, 
	overflow_queue VARCHAR(40), 
	leave_message VARCHAR NOT NULL, 
	CONSTRAINT pk_queue PRIMARY KEY (id), 
	CONSTRAINT fk_queue_overflow_queue FOREIGN KEY(overflow_queue) REFERENCES queue (id) ON DELETE SET NULL
);
INSERT INTO "queue" VALUES('sales','Sales','[]',0,20.0,20,10.0,10.0,1,5.0,0.0,'stay',NULL,'please-try-call-later');
CREATE TABLE role (
	name VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	permissions JSON NOT NULL, 
	phone VARCHAR NOT NULL, 
	CONSTRAINT pk_role PRIMARY KEY (name)
);
CREATE TABLE route (
	number VARCHAR(40) NOT NULL, 
	kind VARCHAR NOT NULL, 
	target VARCHAR NOT NULL, 
	answer BOOLEAN NOT NULL, 
	music VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	skills JSON NOT NULL, 
	priority INTEGER NOT NULL, 
	CONSTRAINT pk_route PRIMARY KEY (number)
);
CREATE TABLE session (
	id INTEGER NOT NULL, 
	token_hash VARCHAR(64) NOT NULL, 
	user_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	expires_at VARCHAR(32), 
	last_seen_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_session PRIMARY KEY (id), 
	CONSTRAINT fk_session_user_id FOREIGN KEY(user_id) REFERENCES user_account (id) ON DELETE CASCADE, 
	CONSTRAINT uq_session_token_hash UNIQUE (token_hash)
);
CREATE TABLE softphone (
	endpoint VARCHAR(40) NOT NULL, 
	operator_id INTEGER NOT NULL, 
	kind VARCHAR NOT NULL, 
	CONSTRAINT pk_softphone PRIMARY KEY (endpoint), 
	CONSTRAINT fk_softphone_operator_id FOREIGN KEY(operator_id) REFERENCES operator (id) ON DELETE CASCADE, 
	CONSTRAINT uq_softphone_operator_id UNIQUE (operator_id)
);
INSERT INTO "softphone" VALUES('op1',1,'sip');
INSERT INTO "softphone" VALUES('op2',2,'sip');
CREATE TABLE sound (
	name VARCHAR(60) NOT NULL, 
	title VARCHAR NOT NULL, 
	content BLOB NOT NULL, 
	seconds FLOAT NOT NULL, 
	user_id INTEGER, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_sound PRIMARY KEY (name)
);
CREATE TABLE suppression (
	lead_id BIGINT NOT NULL, 
	number VARCHAR(40) NOT NULL, 
	rule VARCHAR(40) NOT NULL, 
	day DATE NOT NULL, 
	campaign_id INTEGER NOT NULL, 
	rule_set VARCHAR NOT NULL, 
	detail VARCHAR NOT NULL, 
	until VARCHAR(32), 
	first_at VARCHAR(32) NOT NULL, 
	last_at VARCHAR(32) NOT NULL, 
	times INTEGER NOT NULL, 
	CONSTRAINT pk_suppression PRIMARY KEY (lead_id, number, rule, day)
);
CREATE TABLE tariff (
	prefix VARCHAR(40) NOT NULL, 
	title VARCHAR NOT NULL, 
	per_minute FLOAT NOT NULL, 
	connection FLOAT NOT NULL, 
	step_s INTEGER NOT NULL, 
	CONSTRAINT pk_tariff PRIMARY KEY (prefix)
);
CREATE TABLE user_account (
	id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT, 
	username VARCHAR(100) NOT NULL, 
	password_hash VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	display_name VARCHAR NOT NULL, 
	language VARCHAR NOT NULL, 
	active BOOLEAN NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	CONSTRAINT uq_user_account_username UNIQUE (username)
);
INSERT INTO "user_account" VALUES(1,'operator','-','operator','Tiina Operator','et',1,'2026-11-29 22:53:46.201277+00:00');
INSERT INTO "user_account" VALUES(2,'supervisor','-','supervisor','Tiina Supervisor','et',1,'2026-11-29 22:53:47.932032+00:00');
INSERT INTO "user_account" VALUES(3,'administrator','-','administrator','Tiina Administrator','et',1,'2026-11-29 22:53:47.949834+00:00');
CREATE INDEX ix_call_arrived_at_id ON call (arrived_at, id);
CREATE INDEX ix_call_caller_number_arrived_at ON call (caller_number, arrived_at, id);
CREATE INDEX ix_call_contact_id_arrived_at ON call (contact_id, arrived_at, id);
CREATE INDEX ix_call_open ON call (id) WHERE ended_at IS NULL;
CREATE INDEX ix_call_operator_id_arrived_at ON call (operator_id, arrived_at, id);
CREATE INDEX ix_call_leg_operator_id_began_at ON call_leg (operator_id, began_at);
CREATE INDEX ix_contact_search ON contact (search);
CREATE INDEX ix_operator_state_open ON operator_state (operator_id) WHERE to_at IS NULL;
CREATE INDEX ix_operator_state_operator_id_from_at ON operator_state (operator_id, from_at);
CREATE INDEX ix_phone_e164_contact_id ON phone (e164, contact_id);
CREATE INDEX ix_session_user_id ON session (user_id);
CREATE INDEX ix_membership_queue ON membership (queue);
CREATE INDEX ix_attempt_campaign_id_placed_at ON attempt (campaign_id, placed_at, id);
CREATE INDEX ix_attempt_lead_id_placed_at ON attempt (lead_id, placed_at);
CREATE INDEX ix_attempt_number_placed_at ON attempt (number, placed_at);
CREATE INDEX ix_attempt_open ON attempt (id) WHERE outcome IS NULL;
CREATE INDEX ix_campaign_change_campaign_id_id ON campaign_change (campaign_id, id);
CREATE INDEX ix_import_job_campaign_id ON import_job (campaign_id);
CREATE INDEX ix_lead_callback ON lead (campaign_id, callback_at) WHERE state = 'ready' AND callback_at IS NOT NULL;
CREATE INDEX ix_lead_callbacks ON lead (callback_at, id) WHERE callback_at IS NOT NULL;
CREATE INDEX ix_lead_campaign_id_state_id ON lead (campaign_id, state, id);
CREATE UNIQUE INDEX ix_lead_contact_id_campaign_id ON lead (contact_id, campaign_id);
CREATE INDEX ix_lead_import_job_id ON lead (import_job_id);
CREATE INDEX ix_lead_ready ON lead (campaign_id, rank, id) WHERE state = 'ready' AND callback_at IS NULL;
CREATE INDEX ix_lead_reserved ON lead (lease_until) WHERE state = 'reserved';
CREATE INDEX ix_lead_waiting ON lead (campaign_id, next_at) WHERE state = 'waiting';
CREATE INDEX ix_engaged_lead_id ON engaged (lead_id);
CREATE INDEX ix_consent_number ON consent (number) WHERE number IS NOT NULL AND removed_at IS NULL;
CREATE INDEX ix_consent_contact_id ON consent (contact_id) WHERE contact_id IS NOT NULL AND removed_at IS NULL;
CREATE INDEX ix_suppression_campaign_id_day ON suppression (campaign_id, day, lead_id, number, rule);
CREATE INDEX ix_attempt_contact_id_placed_at ON attempt (contact_id, placed_at) WHERE contact_id IS NOT NULL;
CREATE INDEX ix_attempt_operator_id_placed_at ON attempt (operator_id, placed_at, id) WHERE operator_id IS NOT NULL;
CREATE INDEX ix_attempt_undisposed ON attempt (campaign_id, placed_at, id) WHERE operator_id IS NOT NULL AND disposition_id IS NULL;
CREATE INDEX ix_call_campaign_id_arrived_at ON call (campaign_id, arrived_at, id) WHERE campaign_id IS NOT NULL;
CREATE INDEX ix_call_of_operators ON call (arrived_at, id) WHERE direction = 'operator';
CREATE INDEX ix_lead_stopped ON lead (campaign_id, reason, id, next_at, state) WHERE state IN ('waiting', 'done');
CREATE INDEX ix_known_place_mark ON known_place (mark);
CREATE INDEX ix_call_caller_operator_id ON call (caller_operator_id, arrived_at, id) WHERE caller_operator_id IS NOT NULL;
DELETE FROM "sqlite_sequence";
INSERT INTO "sqlite_sequence" VALUES('user_account',3);
INSERT INTO "sqlite_sequence" VALUES('contact',1);
INSERT INTO "sqlite_sequence" VALUES('campaign',1);
INSERT INTO "sqlite_sequence" VALUES('lead',1);
INSERT INTO "sqlite_sequence" VALUES('consent',1);
COMMIT;
