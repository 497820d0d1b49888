/** A result folder: `results/NAME/` with the files that FORMATS lists. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Row } from '../rows.js'
import { atomicWrite } from './atomic-write.js'
import { readJournal } from './journal.js'
import { type Manifest, sha256, writeManifest } from './manifest.js'
import { mergeRows } from './merge-rows.js'
import { readRowsCsv, writeRowsCsv } from './rows-file.js'
import { readRowsParquet, writeRowsParquet } from './rows-parquet.js'
import { readStagesCsv, type StageRow, writeStagesCsv } from './stages.js'

export interface ResultFolder {
  readonly path: string
  readonly page: string
  readonly rowsParquet: string
  readonly rowsCsv: string
  readonly figures: string
  readonly tables: string
  readonly stages: string
  readonly experiment: string
  readonly manifest: string
  /** Exists only while a run is under way, or after one was killed. */
  readonly journal: string
}

export function resultFolder(path: string): ResultFolder {
  return {
    path,
    page: join(path, 'index.html'),
    rowsParquet: join(path, 'rows.parquet'),
    rowsCsv: join(path, 'rows.csv'),
    figures: join(path, 'figures'),
    tables: join(path, 'tables'),
    stages: join(path, 'tables', 'stages.csv'),
    experiment: join(path, 'experiment.yaml'),
    manifest: join(path, 'manifest.json'),
    journal: join(path, 'rows.journal'),
  }
}

/** What the folder holds, with what a killed run left in its journal; nothing where there is no folder. */
export async function readResults(folder: ResultFolder): Promise<{ rows: Row[]; stages: StageRow[] }> {
  const stored = await storedRows(folder)
  const journal = readJournal(folder.journal)
  const stages = existsSync(folder.stages) ? await named(folder.stages, readStagesCsv) : []
  return {
    rows: journal.reduce((rows, entry) => mergeRows(rows, entry.rows), stored),
    stages: journal.reduce((all, entry) => mergeStages(all, entry.stages), stages),
  }
}

async function storedRows(folder: ResultFolder): Promise<Row[]> {
  if (existsSync(folder.rowsParquet)) return named(folder.rowsParquet, readRowsParquet)
  return existsSync(folder.rowsCsv) ? named(folder.rowsCsv, readRowsCsv) : []
}

/** @throws Error that names the file: what a parser or DuckDB says of damaged bytes does not. */
async function named<T>(file: string, read: (file: string) => T | Promise<T>): Promise<T> {
  try {
    return await read(file)
  } catch (error) {
    throw new Error(`${file}: ${error instanceof Error ? error.message : String(error)}`)
  }
}

/** Old and new stage records, sorted by (point, flow); all of a (point, flow) that is new replace the old ones together. */
export function mergeStages(old: readonly StageRow[], fresh: readonly StageRow[]): StageRow[] {
  const flows = new Map([...stagesByFlow(old), ...stagesByFlow(fresh)])
  return [...flows.keys()].sort().flatMap((flow) => flows.get(flow)!)
}

function stagesByFlow(stages: readonly StageRow[]): Map<string, StageRow[]> {
  const flows = new Map<string, StageRow[]>()
  for (const stage of stages) {
    const id = JSON.stringify([stage.point, stage.flow])
    const own = flows.get(id)
    if (own) own.push(stage)
    else flows.set(id, [stage])
  }
  return flows
}

/** Replaces the folder's rows and stages, each file atomically; then the journal, whose rows are in them now, goes. */
export async function writeResults(folder: ResultFolder, rows: readonly Row[], stages: readonly StageRow[]): Promise<void> {
  await writeRowsParquet(folder.rowsParquet, rows)
  writeRowsCsv(folder.rowsCsv, rows)
  writeStagesCsv(folder.stages, stages)
  rmSync(folder.journal, { force: true })
}

/** Keeps the experiment's own text beside its results. */
export function writeExperimentFile(folder: ResultFolder, yaml: string): void {
  atomicWrite(folder.experiment, yaml)
}

/** Writes the manifest with the hashes of all the other files; call it last. */
export function sealResults(folder: ResultFolder, manifest: Omit<Manifest, 'schema' | 'files'>): Manifest {
  const sealed: Manifest = { schema: 'fairway/manifest/1', ...manifest, files: hashFiles(folder.path) }
  writeManifest(folder.manifest, sealed)
  return sealed
}

/** Files that are no longer as they were when the folder was sealed, or gone; sorted. */
export function changedSince({ path }: ResultFolder, { files }: Pick<Manifest, 'files'>): string[] {
  const now = hashFiles(path)
  return Object.keys(files)
    .filter((file) => now[file] !== files[file])
    .sort()
}

/** SHA-256 of every file under a result folder but the manifest and temporary files, by path with `/`, sorted. */
export function hashFiles(path: string): Record<string, string> {
  const hashes: Record<string, string> = {}
  const names = readdirSync(path, { recursive: true, encoding: 'utf8' }).sort()
  for (const name of names) {
    const file = join(path, name)
    if (name === 'manifest.json' || name.endsWith('.tmp') || name.endsWith('.journal') || !statSync(file).isFile()) continue
    hashes[name.replaceAll('\\', '/')] = sha256(readFileSync(file))
  }
  return hashes
}
