-- A store of schema 0005, as nbmlops 0.1.0.dev0 (commit 12144e8) wrote it; made with sqlite3's iterdump.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL,
	CONSTRAINT pk_alembic_version PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0005');
CREATE TABLE artifacts (
	run_id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	blob VARCHAR NOT NULL,
	size_bytes INTEGER NOT NULL,
	mime VARCHAR NOT NULL,
	execution_id VARCHAR,
	CONSTRAINT pk_artifacts PRIMARY KEY (run_id, name),
	CONSTRAINT fk_artifacts_run_id FOREIGN KEY(run_id) REFERENCES runs (id),
	CONSTRAINT fk_artifacts_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id)
);
CREATE TABLE contents (
	execution_id VARCHAR NOT NULL,
	output INTEGER NOT NULL,
	position INTEGER NOT NULL,
	kind VARCHAR NOT NULL,
	display_id VARCHAR,
	mime VARCHAR NOT NULL,
	size_bytes INTEGER NOT NULL,
	cut_bytes INTEGER NOT NULL,
	text TEXT,
	blob VARCHAR,
	CONSTRAINT pk_contents PRIMARY KEY (execution_id, output, position),
	CONSTRAINT fk_contents_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id)
);
INSERT INTO "contents" VALUES('e1',0,0,'stdout',NULL,'text/plain',5,0,'0.9
',NULL);
CREATE TABLE environments (
	digest VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_environments PRIMARY KEY (digest)
);
INSERT INTO "environments" VALUES('blake3:00','{"python": {"version": "3.12.1"}, "packages": {"pandas": "2.2.0"}, "modules": {}, "git": null}');
CREATE TABLE executions (
	id VARCHAR NOT NULL,
	session_id VARCHAR NOT NULL,
	sequence INTEGER NOT NULL,
	cell_key VARCHAR NOT NULL,
	cell_id VARCHAR,
	tags TEXT NOT NULL,
	source TEXT NOT NULL,
	execution_count INTEGER,
	started DOUBLE NOT NULL,
	duration_seconds DOUBLE,
	cpu_seconds DOUBLE,
	memory_growth_bytes INTEGER,
	outcome VARCHAR NOT NULL,
	failure_type VARCHAR,
	failure_message TEXT,
	failure_traceback TEXT,
	names TEXT NOT NULL,
	CONSTRAINT pk_executions PRIMARY KEY (id),
	CONSTRAINT fk_executions_session_id FOREIGN KEY(session_id) REFERENCES sessions (id)
);
INSERT INTO "executions" VALUES('e1','s1',1,'cell1','cell1','[]','auc = 0.9
print(auc)',NULL,2.0,0.5,NULL,NULL,'ok',NULL,NULL,NULL,'{"defined": ["auc"], "used": ["print"], "touched": [], "deleted": []}');
CREATE TABLE "file_uses" (
	execution_id VARCHAR NOT NULL, 
	path VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	digest VARCHAR, 
	size_bytes INTEGER, 
	modified DOUBLE, 
	reason TEXT, 
	CONSTRAINT pk_file_uses PRIMARY KEY (execution_id, path, role), 
	CONSTRAINT fk_file_uses_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id)
)
 WITHOUT ROWID

;
CREATE TABLE "metrics" (
	run_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	last DOUBLE, 
	minimum DOUBLE, 
	maximum DOUBLE, 
	count INTEGER NOT NULL, 
	last_step INTEGER NOT NULL, 
	last_time DOUBLE NOT NULL, 
	source VARCHAR NOT NULL, 
	execution_id VARCHAR, 
	CONSTRAINT pk_metrics PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_metrics_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id), 
	CONSTRAINT fk_metrics_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
INSERT INTO "metrics" VALUES('r1','auc',0.9,0.8,0.9,2,1,3.0,'logged','e1');
CREATE TABLE models (
	run_id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	class_name VARCHAR NOT NULL,
	params TEXT NOT NULL,
	execution_id VARCHAR,
	blob VARCHAR,
	format VARCHAR,
	size_bytes INTEGER,
	CONSTRAINT pk_models PRIMARY KEY (run_id, name),
	CONSTRAINT fk_models_run_id FOREIGN KEY(run_id) REFERENCES runs (id),
	CONSTRAINT fk_models_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id)
);
INSERT INTO "models" VALUES('r1','model','sklearn.Forest','{}','e1',NULL,NULL,NULL);
CREATE TABLE outlines (
	run_id VARCHAR NOT NULL,
	path TEXT NOT NULL,
	saved DOUBLE,
	cells TEXT NOT NULL,
	problem TEXT,
	CONSTRAINT pk_outlines PRIMARY KEY (run_id),
	CONSTRAINT fk_outlines_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
);
CREATE TABLE "params" (
	run_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	type VARCHAR NOT NULL, 
	json TEXT NOT NULL, 
	number DOUBLE, 
	source VARCHAR NOT NULL, 
	CONSTRAINT pk_params PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_params_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
INSERT INTO "params" VALUES('r1','lr','float','0.1',0.1,'cell');
CREATE TABLE points (
	run_id VARCHAR NOT NULL,
	name VARCHAR NOT NULL,
	part INTEGER NOT NULL,
	count INTEGER NOT NULL,
	data BLOB NOT NULL,
	CONSTRAINT pk_points PRIMARY KEY (run_id, name, part),
	CONSTRAINT fk_points_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
);
INSERT INTO "points" VALUES('r1','auc',0,2,X'00000000000000000100000000000000000000000000044000000000000008409A9999999999E93FCDCCCCCCCCCCEC3F');
CREATE TABLE profiles (
	digest VARCHAR NOT NULL,
	document TEXT NOT NULL,
	CONSTRAINT pk_profiles PRIMARY KEY (digest)
);
CREATE TABLE runs (
	id VARCHAR NOT NULL,
	session_id VARCHAR NOT NULL,
	parent_id VARCHAR,
	experiment VARCHAR NOT NULL,
	name VARCHAR,
	status VARCHAR NOT NULL,
	opened DOUBLE NOT NULL,
	closed DOUBLE,
	automatic BOOLEAN NOT NULL,
	notebook TEXT,
	user VARCHAR NOT NULL,
	hypothesis TEXT,
	verdict VARCHAR,
	note TEXT,
	reason TEXT,
	environment VARCHAR, trashed DOUBLE, pinned DOUBLE,
	CONSTRAINT pk_runs PRIMARY KEY (id),
	CONSTRAINT fk_runs_session_id FOREIGN KEY(session_id) REFERENCES sessions (id),
	CONSTRAINT fk_runs_parent_id FOREIGN KEY(parent_id) REFERENCES runs (id),
	CONSTRAINT fk_runs_environment FOREIGN KEY(environment) REFERENCES environments (digest)
);
INSERT INTO "runs" VALUES('r1','s1',NULL,'churn','first','finished',2.0,3.0,0,NULL,'',NULL,NULL,NULL,NULL,'blake3:00',NULL,9.0);
CREATE TABLE sessions (
	id VARCHAR NOT NULL,
	started DOUBLE NOT NULL,
	ended DOUBLE,
	interrupted BOOLEAN NOT NULL,
	heartbeat DOUBLE NOT NULL,
	place VARCHAR NOT NULL,
	experiment VARCHAR NOT NULL,
	notebook TEXT,
	kernel_id VARCHAR,
	host VARCHAR NOT NULL,
	pid INTEGER NOT NULL,
	user VARCHAR NOT NULL,
	python VARCHAR NOT NULL,
	CONSTRAINT pk_sessions PRIMARY KEY (id)
);
INSERT INTO "sessions" VALUES('s1',1.0,9.0,0,8.0,'jupyter','churn','churn.ipynb',NULL,'there',7,'ada','3.12.1');
CREATE TABLE stretches (
	run_id VARCHAR NOT NULL, 
	gave_result BOOLEAN NOT NULL, 
	first INTEGER NOT NULL, 
	last INTEGER NOT NULL, 
	CONSTRAINT pk_stretches PRIMARY KEY (run_id, gave_result, first), 
	CONSTRAINT fk_stretches_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
INSERT INTO "stretches" VALUES('r1',0,1,1);
INSERT INTO "stretches" VALUES('r1',1,1,1);
CREATE TABLE "tags" (
	run_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	value TEXT NOT NULL, 
	CONSTRAINT pk_tags PRIMARY KEY (run_id, name), 
	CONSTRAINT fk_tags_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
INSERT INTO "tags" VALUES('r1','kept','yes');
CREATE TABLE "uses" (
	execution_id VARCHAR NOT NULL, 
	name VARCHAR NOT NULL, 
	role VARCHAR NOT NULL, 
	digest VARCHAR, 
	CONSTRAINT pk_uses PRIMARY KEY (execution_id, name, role), 
	CONSTRAINT fk_uses_execution_id FOREIGN KEY(execution_id) REFERENCES executions (id)
)
 WITHOUT ROWID

;
CREATE TABLE "values" (
	digest VARCHAR NOT NULL,
	kind VARCHAR NOT NULL,
	class_name TEXT NOT NULL,
	strength VARCHAR NOT NULL,
	document TEXT NOT NULL,
	row_count INTEGER,
	column_count INTEGER,
	size_bytes INTEGER,
	is_profiled BOOLEAN NOT NULL,
	CONSTRAINT pk_values PRIMARY KEY (digest)
);
CREATE TABLE written (
	run_id VARCHAR NOT NULL, 
	field VARCHAR NOT NULL, 
	at DOUBLE NOT NULL, 
	"by" VARCHAR NOT NULL, 
	CONSTRAINT pk_written PRIMARY KEY (run_id, field), 
	CONSTRAINT fk_written_run_id FOREIGN KEY(run_id) REFERENCES runs (id)
)
 WITHOUT ROWID

;
INSERT INTO "written" VALUES('r1','pinned',9.0,'ada');
CREATE INDEX ix_sessions_ended ON sessions (ended);
CREATE UNIQUE INDEX ix_executions_session_id_sequence ON executions (session_id, sequence);
CREATE INDEX ix_executions_cell_key ON executions (cell_key);
CREATE INDEX ix_runs_session_id ON runs (session_id);
CREATE INDEX ix_runs_experiment_opened ON runs (experiment, opened);
CREATE INDEX ix_runs_name ON runs (name);
CREATE INDEX ix_runs_status ON runs (status);
CREATE INDEX ix_runs_opened ON runs (opened);
CREATE INDEX ix_models_class_name ON models (class_name);
CREATE INDEX ix_tags_name_value ON tags (name, value);
CREATE INDEX ix_uses_digest ON uses (digest);
CREATE INDEX ix_uses_name ON uses (name);
CREATE INDEX ix_file_uses_path ON file_uses (path);
CREATE INDEX ix_file_uses_digest ON file_uses (digest);
CREATE INDEX ix_params_name_number_json_type ON params (name, number, json, type);
CREATE INDEX ix_metrics_name_last_minimum_maximum ON metrics (name, last, minimum, maximum);
CREATE INDEX ix_models_run_id_class_name ON models (run_id, class_name);
CREATE INDEX ix_runs_id_status_session_id ON runs (id, status, session_id);
CREATE INDEX ix_runs_trashed_id ON runs (trashed, id) WHERE trashed IS NOT NULL;
COMMIT;
PRAGMA application_id = 1851944300;
PRAGMA user_version = 5;
