-- A store of schema 0005 in PostgreSQL, as nbmlops 0.1.0.dev0 (commit f51ef63) wrote it; made with pg_dump's inserts.
CREATE TABLE alembic_version (
    version_num character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE artifacts (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    blob character varying NOT NULL COLLATE pg_catalog."C",
    size_bytes bigint NOT NULL,
    mime character varying NOT NULL COLLATE pg_catalog."C",
    execution_id character varying COLLATE pg_catalog."C"
);
CREATE TABLE contents (
    execution_id character varying NOT NULL COLLATE pg_catalog."C",
    output bigint NOT NULL,
    "position" bigint NOT NULL,
    kind character varying NOT NULL COLLATE pg_catalog."C",
    display_id character varying COLLATE pg_catalog."C",
    mime character varying NOT NULL COLLATE pg_catalog."C",
    size_bytes bigint NOT NULL,
    cut_bytes bigint NOT NULL,
    text text COLLATE pg_catalog."C",
    blob character varying COLLATE pg_catalog."C"
);
CREATE TABLE environments (
    digest character varying NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE executions (
    id character varying NOT NULL COLLATE pg_catalog."C",
    session_id character varying NOT NULL COLLATE pg_catalog."C",
    sequence bigint NOT NULL,
    cell_key character varying NOT NULL COLLATE pg_catalog."C",
    cell_id character varying COLLATE pg_catalog."C",
    tags text NOT NULL COLLATE pg_catalog."C",
    source text NOT NULL COLLATE pg_catalog."C",
    execution_count bigint,
    started double precision NOT NULL,
    duration_seconds double precision,
    cpu_seconds double precision,
    memory_growth_bytes bigint,
    outcome character varying NOT NULL COLLATE pg_catalog."C",
    failure_type character varying COLLATE pg_catalog."C",
    failure_message text COLLATE pg_catalog."C",
    failure_traceback text COLLATE pg_catalog."C",
    names text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE file_uses (
    execution_id character varying NOT NULL COLLATE pg_catalog."C",
    path character varying NOT NULL COLLATE pg_catalog."C",
    role character varying NOT NULL COLLATE pg_catalog."C",
    digest character varying COLLATE pg_catalog."C",
    size_bytes bigint,
    modified double precision,
    reason text COLLATE pg_catalog."C"
);
CREATE TABLE metrics (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    last double precision,
    minimum double precision,
    maximum double precision,
    count bigint NOT NULL,
    last_step bigint NOT NULL,
    last_time double precision NOT NULL,
    source character varying NOT NULL COLLATE pg_catalog."C",
    execution_id character varying COLLATE pg_catalog."C"
);
CREATE TABLE models (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    class_name character varying NOT NULL COLLATE pg_catalog."C",
    params text NOT NULL COLLATE pg_catalog."C",
    execution_id character varying COLLATE pg_catalog."C",
    blob character varying COLLATE pg_catalog."C",
    format character varying COLLATE pg_catalog."C",
    size_bytes bigint
);
CREATE TABLE outlines (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    path text NOT NULL COLLATE pg_catalog."C",
    saved double precision,
    cells text NOT NULL COLLATE pg_catalog."C",
    problem text COLLATE pg_catalog."C"
);
CREATE TABLE params (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    type character varying NOT NULL COLLATE pg_catalog."C",
    "json" text NOT NULL COLLATE pg_catalog."C",
    number double precision,
    source character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE points (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    part bigint NOT NULL,
    count bigint NOT NULL,
    data bytea NOT NULL
);
CREATE TABLE profiles (
    digest character varying NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE runs (
    id character varying NOT NULL COLLATE pg_catalog."C",
    session_id character varying NOT NULL COLLATE pg_catalog."C",
    parent_id character varying COLLATE pg_catalog."C",
    experiment character varying NOT NULL COLLATE pg_catalog."C",
    name character varying COLLATE pg_catalog."C",
    status character varying NOT NULL COLLATE pg_catalog."C",
    opened double precision NOT NULL,
    closed double precision,
    automatic boolean NOT NULL,
    notebook text COLLATE pg_catalog."C",
    "user" character varying NOT NULL COLLATE pg_catalog."C",
    hypothesis text COLLATE pg_catalog."C",
    verdict character varying COLLATE pg_catalog."C",
    note text COLLATE pg_catalog."C",
    reason text COLLATE pg_catalog."C",
    environment character varying COLLATE pg_catalog."C",
    trashed double precision,
    pinned double precision
);
CREATE TABLE sessions (
    id character varying NOT NULL COLLATE pg_catalog."C",
    started double precision NOT NULL,
    ended double precision,
    interrupted boolean NOT NULL,
    heartbeat double precision NOT NULL,
    place character varying NOT NULL COLLATE pg_catalog."C",
    experiment character varying NOT NULL COLLATE pg_catalog."C",
    notebook text COLLATE pg_catalog."C",
    kernel_id character varying COLLATE pg_catalog."C",
    host character varying NOT NULL COLLATE pg_catalog."C",
    pid bigint NOT NULL,
    "user" character varying NOT NULL COLLATE pg_catalog."C",
    python character varying NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE stretches (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    gave_result boolean NOT NULL,
    first bigint NOT NULL,
    last bigint NOT NULL
);
CREATE TABLE tags (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    value text NOT NULL COLLATE pg_catalog."C"
);
CREATE TABLE uses (
    execution_id character varying NOT NULL COLLATE pg_catalog."C",
    name character varying NOT NULL COLLATE pg_catalog."C",
    role character varying NOT NULL COLLATE pg_catalog."C",
    digest character varying COLLATE pg_catalog."C"
);
CREATE TABLE "values" (
    digest character varying NOT NULL COLLATE pg_catalog."C",
    kind character varying NOT NULL COLLATE pg_catalog."C",
    class_name text NOT NULL COLLATE pg_catalog."C",
    strength character varying NOT NULL COLLATE pg_catalog."C",
    document text NOT NULL COLLATE pg_catalog."C",
    row_count bigint,
    column_count bigint,
    size_bytes bigint,
    is_profiled boolean NOT NULL
);
CREATE TABLE written (
    run_id character varying NOT NULL COLLATE pg_catalog."C",
    field character varying NOT NULL COLLATE pg_catalog."C",
    at double precision NOT NULL,
    by character varying NOT NULL COLLATE pg_catalog."C"
);
INSERT INTO alembic_version (version_num) VALUES ('0005');
INSERT INTO contents (execution_id, output, "position", kind, display_id, mime, size_bytes, cut_bytes, text, blob) VALUES ('e1', 0, 0, 'stdout', NULL, 'text/plain', 5, 0, '0.9
', NULL);
INSERT INTO environments (digest, document) VALUES ('blake3:00', '{"python": {"version": "3.12.1"}, "packages": {"pandas": "2.2.0"}, "modules": {}, "git": null}');
INSERT INTO executions (id, session_id, sequence, cell_key, cell_id, tags, source, execution_count, started, duration_seconds, cpu_seconds, memory_growth_bytes, outcome, failure_type, failure_message, failure_traceback, names) VALUES ('e1', 's1', 1, 'cell1', 'cell1', '[]', 'auc = 0.9
print(auc)', NULL, 2, 0.5, NULL, NULL, 'ok', NULL, NULL, NULL, '{"defined": ["auc"], "used": ["print"], "touched": [], "deleted": []}');
INSERT INTO metrics (run_id, name, last, minimum, maximum, count, last_step, last_time, source, execution_id) VALUES ('r1', 'auc', 0.9, 0.8, 0.9, 2, 1, 3, 'logged', 'e1');
INSERT INTO models (run_id, name, class_name, params, execution_id, blob, format, size_bytes) VALUES ('r1', 'model', 'sklearn.Forest', '{}', 'e1', NULL, NULL, NULL);
INSERT INTO params (run_id, name, type, "json", number, source) VALUES ('r1', 'lr', 'float', '0.1', 0.1, 'cell');
INSERT INTO points (run_id, name, part, count, data) VALUES ('r1', 'auc', 0, 2, '\x00000000000000000100000000000000000000000000044000000000000008409a9999999999e93fcdccccccccccec3f');
INSERT INTO runs (id, session_id, parent_id, experiment, name, status, opened, closed, automatic, notebook, "user", hypothesis, verdict, note, reason, environment, trashed, pinned) VALUES ('r1', 's1', NULL, 'churn', 'first', 'finished', 2, 3, false, NULL, '', NULL, NULL, NULL, NULL, 'blake3:00', NULL, 9);
INSERT INTO sessions (id, started, ended, interrupted, heartbeat, place, experiment, notebook, kernel_id, host, pid, "user", python) VALUES ('s1', 1, 9, false, 8, 'jupyter', 'churn', 'churn.ipynb', NULL, 'there', 7, 'ada', '3.12.1');
INSERT INTO stretches (run_id, gave_result, first, last) VALUES ('r1', false, 1, 1);
INSERT INTO stretches (run_id, gave_result, first, last) VALUES ('r1', true, 1, 1);
INSERT INTO tags (run_id, name, value) VALUES ('r1', 'kept', 'yes');
INSERT INTO written (run_id, field, at, by) VALUES ('r1', 'pinned', 9, 'ada');
ALTER TABLE ONLY alembic_version
    ADD CONSTRAINT pk_alembic_version PRIMARY KEY (version_num);
ALTER TABLE ONLY artifacts
    ADD CONSTRAINT pk_artifacts PRIMARY KEY (run_id, name);
ALTER TABLE ONLY contents
    ADD CONSTRAINT pk_contents PRIMARY KEY (execution_id, output, "position");
ALTER TABLE ONLY environments
    ADD CONSTRAINT pk_environments PRIMARY KEY (digest);
ALTER TABLE ONLY executions
    ADD CONSTRAINT pk_executions PRIMARY KEY (id);
ALTER TABLE ONLY file_uses
    ADD CONSTRAINT pk_file_uses PRIMARY KEY (execution_id, path, role);
ALTER TABLE ONLY metrics
    ADD CONSTRAINT pk_metrics PRIMARY KEY (run_id, name);
ALTER TABLE ONLY models
    ADD CONSTRAINT pk_models PRIMARY KEY (run_id, name);
ALTER TABLE ONLY outlines
    ADD CONSTRAINT pk_outlines PRIMARY KEY (run_id);
ALTER TABLE ONLY params
    ADD CONSTRAINT pk_params PRIMARY KEY (run_id, name);
ALTER TABLE ONLY points
    ADD CONSTRAINT pk_points PRIMARY KEY (run_id, name, part);
ALTER TABLE ONLY profiles
    ADD CONSTRAINT pk_profiles PRIMARY KEY (digest);
ALTER TABLE ONLY runs
    ADD CONSTRAINT pk_runs PRIMARY KEY (id);
ALTER TABLE ONLY sessions
    ADD CONSTRAINT pk_sessions PRIMARY KEY (id);
ALTER TABLE ONLY stretches
    ADD CONSTRAINT pk_stretches PRIMARY KEY (run_id, gave_result, first);
ALTER TABLE ONLY tags
    ADD CONSTRAINT pk_tags PRIMARY KEY (run_id, name);
ALTER TABLE ONLY uses
    ADD CONSTRAINT pk_uses PRIMARY KEY (execution_id, name, role);
ALTER TABLE ONLY "values"
    ADD CONSTRAINT pk_values PRIMARY KEY (digest);
ALTER TABLE ONLY written
    ADD CONSTRAINT pk_written PRIMARY KEY (run_id, field);
CREATE INDEX ix_executions_cell_key ON executions USING btree (cell_key);
CREATE UNIQUE INDEX ix_executions_session_id_sequence ON executions USING btree (session_id, sequence);
CREATE INDEX ix_file_uses_digest ON file_uses USING btree (digest);
CREATE INDEX ix_file_uses_path ON file_uses USING btree (path);
CREATE INDEX ix_metrics_name_last_minimum_maximum ON metrics USING btree (name, last, minimum, maximum) INCLUDE (run_id);
CREATE INDEX ix_models_class_name ON models USING btree (class_name);
CREATE INDEX ix_models_run_id_class_name ON models USING btree (run_id, class_name);
CREATE INDEX ix_params_name_json ON params USING btree (name, "left"("json", 200)) INCLUDE (run_id);
CREATE INDEX ix_params_name_number ON params USING btree (name, number) INCLUDE (run_id);
CREATE INDEX ix_runs_experiment_opened ON runs USING btree (experiment, opened);
CREATE INDEX ix_runs_id_status_session_id ON runs USING btree (id, status, session_id);
CREATE INDEX ix_runs_name ON runs USING btree (name);
CREATE INDEX ix_runs_opened ON runs USING btree (opened);
CREATE INDEX ix_runs_session_id ON runs USING btree (session_id);
CREATE INDEX ix_runs_status ON runs USING btree (status);
CREATE INDEX ix_runs_trashed_id ON runs USING btree (trashed, id) WHERE (trashed IS NOT NULL);
CREATE INDEX ix_sessions_ended ON sessions USING btree (ended);
CREATE INDEX ix_tags_name_value ON tags USING btree (name, "left"(value, 200)) INCLUDE (run_id);
CREATE INDEX ix_uses_digest ON uses USING btree (digest);
CREATE INDEX ix_uses_name ON uses USING btree (name);
ALTER TABLE ONLY artifacts
    ADD CONSTRAINT fk_artifacts_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY artifacts
    ADD CONSTRAINT fk_artifacts_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY contents
    ADD CONSTRAINT fk_contents_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY executions
    ADD CONSTRAINT fk_executions_session_id FOREIGN KEY (session_id) REFERENCES sessions(id);
ALTER TABLE ONLY file_uses
    ADD CONSTRAINT fk_file_uses_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY metrics
    ADD CONSTRAINT fk_metrics_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY metrics
    ADD CONSTRAINT fk_metrics_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY models
    ADD CONSTRAINT fk_models_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY models
    ADD CONSTRAINT fk_models_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY outlines
    ADD CONSTRAINT fk_outlines_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY params
    ADD CONSTRAINT fk_params_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY points
    ADD CONSTRAINT fk_points_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY runs
    ADD CONSTRAINT fk_runs_environment FOREIGN KEY (environment) REFERENCES environments(digest);
ALTER TABLE ONLY runs
    ADD CONSTRAINT fk_runs_parent_id FOREIGN KEY (parent_id) REFERENCES runs(id);
ALTER TABLE ONLY runs
    ADD CONSTRAINT fk_runs_session_id FOREIGN KEY (session_id) REFERENCES sessions(id);
ALTER TABLE ONLY stretches
    ADD CONSTRAINT fk_stretches_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY tags
    ADD CONSTRAINT fk_tags_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
ALTER TABLE ONLY uses
    ADD CONSTRAINT fk_uses_execution_id FOREIGN KEY (execution_id) REFERENCES executions(id);
ALTER TABLE ONLY written
    ADD CONSTRAINT fk_written_run_id FOREIGN KEY (run_id) REFERENCES runs(id);
