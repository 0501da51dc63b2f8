import type { Database } from 'better-sqlite3'

/** "Core" in ASCII: marks a SQLite file as ours, as soon as there is anything in it. */
export const applicationId = 0x436f7265

/**
 * Steps from an empty file to today's database, in order and never changed once released: step i
 * brings `user_version` from i to i + 1, in a transaction of its own.
 */
export const migrations: readonly string[] = [
  `
  PRAGMA application_id = ${applicationId};

  CREATE TABLE runs (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    uid TEXT NOT NULL UNIQUE,
    label TEXT NOT NULL,
    notes TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'interrupted')),
    reason TEXT,
    plan TEXT NOT NULL,
    trials_planned INTEGER NOT NULL,
    started_at INTEGER NOT NULL,
    ended_at INTEGER,
    owner_process INTEGER NOT NULL,
    owner_birth TEXT,
    owner_host TEXT NOT NULL,
    heartbeat_at INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX runs_started_at ON runs (started_at);

  CREATE TABLE environments (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    moment TEXT NOT NULL CHECK (moment IN ('before', 'after')),
    document TEXT NOT NULL,
    PRIMARY KEY (run_id, moment)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE warnings (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    code TEXT NOT NULL,
    message TEXT NOT NULL
  ) STRICT;
  CREATE INDEX warnings_run ON warnings (run_id);

  CREATE TABLE configurations (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    workload TEXT NOT NULL,
    parameters TEXT NOT NULL,
    runtime TEXT NOT NULL,
    model TEXT NOT NULL,
    workers INTEGER NOT NULL,
    scheduling TEXT NOT NULL
  ) STRICT;
  CREATE INDEX configurations_run ON configurations (run_id);

  CREATE TABLE trials (
    id INTEGER PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    configuration_id INTEGER NOT NULL REFERENCES configurations (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    repetition INTEGER NOT NULL,
    warm_up INTEGER NOT NULL CHECK (warm_up IN (0, 1)),
    status TEXT NOT NULL CHECK (status IN ('running', 'done', 'failed', 'void', 'interrupted')),
    reason TEXT,
    started_at INTEGER NOT NULL,
    released_ms REAL,
    tasks_done INTEGER NOT NULL DEFAULT 0,
    memory_basis TEXT CHECK (memory_basis IN ('rss', 'pss')),
    UNIQUE (run_id, ordinal)
  ) STRICT;
  CREATE INDEX trials_configuration ON trials (configuration_id);

  CREATE TABLE metrics (
    trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
    key TEXT NOT NULL,
    value REAL NOT NULL,
    PRIMARY KEY (trial_id, key)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE phases (
    id INTEGER PRIMARY KEY,
    trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
    worker INTEGER,
    name TEXT NOT NULL,
    start_ms REAL NOT NULL,
    end_ms REAL NOT NULL
  ) STRICT;
  CREATE INDEX phases_trial ON phases (trial_id);

  CREATE TABLE workers (
    trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    process_id INTEGER NOT NULL,
    thread_id INTEGER NOT NULL,
    tasks INTEGER NOT NULL,
    busy_ms REAL NOT NULL,
    cpu_ms REAL,
    spawn_ms REAL,
    teardown_ms REAL,
    rss_bytes INTEGER,
    heap_used_bytes INTEGER,
    PRIMARY KEY (trial_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  -- Samples of one stream over about a second, packed (see sample-codec.ts).
  CREATE TABLE sample_chunks (
    trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    stream TEXT NOT NULL,
    samples INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (trial_id, ordinal)
  ) STRICT;
  `,
  `
  -- Put away by its user, who may still want it back; null where it is not.
  ALTER TABLE runs ADD COLUMN deleted_at INTEGER;

  -- When the first and the last sample of a chunk were taken, in ms from the start of the trial; null
  -- in chunks of before.
  ALTER TABLE sample_chunks ADD COLUMN from_ms REAL;
  ALTER TABLE sample_chunks ADD COLUMN to_ms REAL;

  -- A trial over time at the resolution of a screen: deflated JSON (see src/shared/timeline.ts).
  CREATE TABLE overviews (
    trial_id INTEGER PRIMARY KEY REFERENCES trials (id) ON DELETE CASCADE,
    data BLOB NOT NULL
  ) STRICT;
  `,
  `
  -- What the system's own files tell of a worker.
  ALTER TABLE workers ADD COLUMN os_thread_id INTEGER;
  ALTER TABLE workers ADD COLUMN pss_bytes INTEGER;
  ALTER TABLE workers ADD COLUMN uss_bytes INTEGER;
  ALTER TABLE workers ADD COLUMN voluntary_switches INTEGER;
  ALTER TABLE workers ADD COLUMN involuntary_switches INTEGER;
  ALTER TABLE workers ADD COLUMN migrations INTEGER;
  `,
  `
  -- What sets a configuration apart beside its model: a transport, a kind of failure.
  ALTER TABLE configurations ADD COLUMN variant TEXT;

  -- What a probe saw: JSON, flat.
  ALTER TABLE trials ADD COLUMN observations TEXT;
  `,
  `
  -- What the user's own module was: the first digits of its SHA-256; it was the variant before.
  ALTER TABLE configurations ADD COLUMN content TEXT;
  UPDATE configurations SET content = variant, variant = NULL
  WHERE length(variant) = 12 AND variant NOT GLOB '*[^0-9a-f]*';

  -- Names that a run was given, as many as one likes.
  CREATE TABLE tags (
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
    tag TEXT NOT NULL,
    PRIMARY KEY (run_id, tag)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX tags_tag ON tags (tag);

  -- The run that others of its workload are held against.
  CREATE TABLE baselines (
    workload TEXT PRIMARY KEY,
    run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX baselines_run ON baselines (run_id);

  -- Its samples are never thinned.
  ALTER TABLE runs ADD COLUMN is_kept INTEGER NOT NULL DEFAULT 0 CHECK (is_kept IN (0, 1));
  -- When its samples were thinned to the overview; null while they are whole.
  ALTER TABLE runs ADD COLUMN thinned_at INTEGER;
  -- What its samples take, in bytes; counted when the run ends.
  ALTER TABLE runs ADD COLUMN sample_bytes INTEGER NOT NULL DEFAULT 0;
  UPDATE runs SET sample_bytes = (
    SELECT coalesce(sum(length(data)), 0)
    FROM sample_chunks JOIN trials ON trials.id = trial_id WHERE trials.run_id = runs.id
  );
  -- When a run of elsewhere was imported; null for one of this database's own.
  ALTER TABLE runs ADD COLUMN imported_at INTEGER;
  CREATE INDEX runs_running ON runs (status) WHERE status = 'running';
  CREATE INDEX runs_deleted_at ON runs (deleted_at) WHERE deleted_at IS NOT NULL;

  -- The runs as they are looked for: a narrow row for each, so that ten thousand are filtered and
  -- sorted without a plan being read. Triggers make it anew wherever the run changes, whoever changes
  -- it; a run that Corescope did not write is not in it.
  CREATE TABLE catalogue (
    run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    started_at INTEGER NOT NULL,
    duration_ms INTEGER,
    status TEXT NOT NULL,
    is_away INTEGER NOT NULL CHECK (is_away IN (0, 1)),
    workload TEXT NOT NULL,
    experiment TEXT,
    -- Between blanks, each of them.
    models TEXT NOT NULL,
    machine TEXT,
    sample_bytes INTEGER NOT NULL
  ) STRICT;
  CREATE INDEX catalogue_started_at ON catalogue (started_at);

  -- What words are looked for in, folded (see search-words.ts); null where that is still to be done,
  -- as SQL alone cannot.
  CREATE TABLE search_words (
    run_id INTEGER PRIMARY KEY REFERENCES runs (id) ON DELETE CASCADE,
    -- How the label begins: what is sorted by.
    label_key TEXT,
    words TEXT
  ) STRICT;
  CREATE INDEX search_words_due ON search_words (run_id) WHERE words IS NULL;

  CREATE VIEW catalogue_rows AS
  SELECT id AS run_id, started_at, ended_at - started_at AS duration_ms, status,
         deleted_at IS NOT NULL AS is_away,
         plan ->> 'workload' AS workload, plan ->> 'experiment' AS experiment,
         coalesce((SELECT ' ' || group_concat(value, ' ') || ' ' FROM json_each(plan, '$.models')), ' ')
           AS models,
         (SELECT CASE WHEN json_valid(document) THEN document ->> 'hostname' END FROM environments
          WHERE environments.run_id = runs.id AND moment = 'before') AS machine,
         sample_bytes
  FROM runs
  -- Of its times, those that are some: a date reaches 8.64e15 ms either way.
  WHERE abs(started_at) <= 8640000000000000 AND abs(coalesce(ended_at, 0)) <= 8640000000000000
    AND CASE WHEN json_valid(plan) THEN json_type(plan, '$.workload') = 'text'
      AND json_type(plan, '$.models') = 'array' AND json_type(plan, '$.workers') = 'array' END;

  INSERT INTO catalogue SELECT * FROM catalogue_rows;
  INSERT INTO search_words SELECT id, NULL, NULL FROM runs;

  CREATE TRIGGER catalogue_of_new_run AFTER INSERT ON runs BEGIN
    INSERT INTO catalogue SELECT * FROM catalogue_rows WHERE run_id = NEW.id;
    INSERT INTO search_words VALUES (NEW.id, NULL, NULL);
  END;
  CREATE TRIGGER catalogue_of_run
  AFTER UPDATE OF status, plan, started_at, ended_at, deleted_at, sample_bytes ON runs BEGIN
    DELETE FROM catalogue WHERE run_id = NEW.id;
    INSERT INTO catalogue SELECT * FROM catalogue_rows WHERE run_id = NEW.id;
  END;
  CREATE TRIGGER words_of_run AFTER UPDATE OF label, notes, plan ON runs BEGIN
    UPDATE search_words SET words = NULL WHERE run_id = NEW.id;
  END;
  CREATE TRIGGER machine_of_run AFTER INSERT ON environments WHEN NEW.moment = 'before' BEGIN
    UPDATE catalogue SET machine =
      (SELECT machine FROM catalogue_rows WHERE catalogue_rows.run_id = NEW.run_id)
    WHERE run_id = NEW.run_id;
    UPDATE search_words SET words = NULL WHERE run_id = NEW.run_id;
  END;
  CREATE TRIGGER words_of_tag AFTER INSERT ON tags BEGIN
    UPDATE search_words SET words = NULL WHERE run_id = NEW.run_id;
  END;
  CREATE TRIGGER words_without_tag AFTER DELETE ON tags BEGIN
    UPDATE search_words SET words = NULL WHERE run_id = OLD.run_id;
  END;

  -- What the user has settled for the whole library, as JSON.
  CREATE TABLE settings (
    name TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;

  -- When each task of a worker began and ended, packed (see task-span-codec.ts).
  CREATE TABLE task_spans (
    trial_id INTEGER NOT NULL REFERENCES trials (id) ON DELETE CASCADE,
    worker INTEGER NOT NULL,
    -- Tasks that were done; more than spans where there were too many to keep.
    tasks INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (trial_id, worker)
  ) STRICT, WITHOUT ROWID;
  `,
  `
  -- Which Python executed it: JSON; null where it was none.
  ALTER TABLE configurations ADD COLUMN interpreter TEXT;

  -- What executes them, between blanks, is in the catalogue as well.
  ALTER TABLE catalogue ADD COLUMN runtimes TEXT NOT NULL DEFAULT ' node ';
  DROP VIEW catalogue_rows;
  CREATE VIEW catalogue_rows AS
  SELECT id AS run_id, started_at, ended_at - started_at AS duration_ms, status,
         deleted_at IS NOT NULL AS is_away,
         plan ->> 'workload' AS workload, plan ->> 'experiment' AS experiment,
         coalesce((SELECT ' ' || group_concat(value, ' ') || ' ' FROM json_each(plan, '$.models')), ' ')
           AS models,
         (SELECT CASE WHEN json_valid(document) THEN document ->> 'hostname' END FROM environments
          WHERE environments.run_id = runs.id AND moment = 'before') AS machine,
         sample_bytes,
         coalesce((SELECT ' ' || group_concat(value, ' ') || ' ' FROM json_each(plan, '$.runtimes')),
           ' node ') AS runtimes
  FROM runs
  WHERE abs(started_at) <= 8640000000000000 AND abs(coalesce(ended_at, 0)) <= 8640000000000000
    AND CASE WHEN json_valid(plan) THEN json_type(plan, '$.workload') = 'text'
      AND json_type(plan, '$.models') = 'array' AND json_type(plan, '$.workers') = 'array' END;

  -- Plans say what executes them; all of before were Node's.
  UPDATE runs SET plan = json_set(plan, '$.runtimes', json('["node"]'), '$.interpreters', json('[]'),
    '$.start_methods', json('["spawn"]'), '$.transports', json('["pipe"]'), '$.scheduler', NULL,
    '$.threads_per_worker', NULL)
  WHERE json_valid(plan) AND json_type(plan) = 'object' AND json_type(plan, '$.runtimes') IS NULL;
  `,
]

/**
 * Brings a database to the newest version.
 *
 * @param steps for tests: the steps up to an older version
 */
export function migrate(database: Database, steps: readonly string[] = migrations): void {
  const step = database.transaction((version: number) => {
    // Another app may have taken the step while this one waited for the lock.
    if (versionOf(database) !== version) return
    database.exec(steps[version] as string)
    database.pragma(`user_version = ${version + 1}`)
  })
  for (let version = versionOf(database); version < steps.length; version++) {
    step.immediate(version)
  }
}

export function versionOf(database: Database): number {
  return database.pragma('user_version', { simple: true }) as number
}
