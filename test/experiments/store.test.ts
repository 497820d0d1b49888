import { appendFileSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Row } from '../../experiments/rows.js'
import {
  appendJournal,
  atomicWrite,
  CsvError,
  mergeRows,
  mergeStages,
  readCsv,
  readJournal,
  readManifest,
  readResults,
  readRowsCsv,
  readRowsParquet,
  resultFolder,
  rowsFromCsv,
  rowsToCsv,
  type StageRow,
  sealResults,
  sha256,
  stagesFromCsv,
  stagesToCsv,
  writeCsv,
  writeExperimentFile,
  writeResults,
  writeRowsCsv,
  writeRowsParquet,
} from '../../experiments/store/index.js'

/** Invented: only its shape matters here. */
const inventedRow: Row = {
  rowId: 'b2',
  level: 'point',
  experiment: 'invented',
  point: '{"flows.ping.workload.message":64,"model":"bridge"}',
  flow: 'ping',
  model: 'bridge',
  source: 'measured',
  role: 'held-out',
  metric: 'latency',
  statistic: 'p50',
  unit: 'ns',
  value: 8612.300000000001,
  halfWidth: null,
  halfWidthKind: null,
  confidence: null,
  messages: 90_000,
  runs: 9,
  seed: null,
  replication: null,
  profileHash: null,
  modelHash: null,
  campaign: 'first, "quoted"\r\nand broken',
  block: 0,
  repeat: 3,
  sketch: '',
  proof: '{"a":1}',
  limits: null,
  trust: 'inside',
  environment: '{"kernel":"6.18"}',
}

const stage = (point: string, name: string, costNs: number): StageRow => ({
  point,
  flow: 'ping',
  model: 'bridge',
  stage: name,
  costNs,
  halfWidthNs: null,
  evidence: 'traced',
})

const text = fc.string({ unit: 'grapheme' })
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: null })
const real = fc.double({ noNaN: true, noDefaultInfinity: true })
const anyRow: fc.Arbitrary<Row> = fc
  .record({
    value: real,
    halfWidth: maybe(real),
    messages: fc.maxSafeNat(),
    seed: maybe(fc.maxSafeInteger()),
    limits: maybe(text),
    point: text,
    sketch: maybe(text),
  })
  .map((some) => ({ ...inventedRow, ...some }))
/** Rows with ids of their own, sorted by them. */
const anyRows = fc.array(anyRow, { maxLength: 20 }).map((rows) => rows.map((row, i) => ({ ...row, rowId: String(i).padStart(4, '0') })))

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-store-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

describe('CSV', () => {
  it('reads the quoting example of RFC 4180, section 2', () => {
    expect(readCsv('"aaa","b""bb","ccc"\r\nzzz,"y\r\nyy",xxx').map((record) => record.fields)).toEqual([
      ['aaa', 'b"bb', 'ccc'],
      ['zzz', 'y\r\nyy', 'xxx'],
    ])
  })

  it('gives back every table of texts and nulls', () => {
    fc.assert(
      fc.property(fc.array(fc.array(maybe(fc.string({ unit: 'binary' })), { minLength: 2, maxLength: 5 })), (table) => {
        expect(readCsv(writeCsv(table)).map((record) => record.fields)).toEqual(table)
      }),
    )
  })

  it('names the line of a quoted field that is never closed', () => {
    expect(() => readCsv('a,b\n1,"2\n')).toThrow(new CsvError(2, 'a quoted field is never closed'))
  })
})

describe('row files', () => {
  it('write the columns in the order that FORMATS gives', () => {
    expect(rowsToCsv([]).trimEnd()).toBe(
      'rowId,level,experiment,point,flow,model,source,role,metric,statistic,unit,value,halfWidth,halfWidthKind,confidence,messages,runs,seed,replication,profileHash,modelHash,campaign,block,repeat,sketch,proof,limits,trust,environment',
    )
  })

  it('give back every row as CSV, to the last bit of every number', () => {
    fc.assert(
      fc.property(anyRows, (rows) => {
        expect(rowsFromCsv(rowsToCsv(rows))).toEqual(rows)
      }),
    )
  })

  it('give back every row as Parquet, to the last bit of every number', async () => {
    const path = join(folder, 'rows.parquet')
    await fc.assert(
      fc.asyncProperty(anyRows, async (rows) => {
        await writeRowsParquet(path, rows)
        expect(await readRowsParquet(path)).toEqual(rows)
      }),
      { numRuns: 15 },
    )
  })

  it('have the same bytes whatever order the rows came in', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ ...inventedRow, rowId: sha256(String(i)), value: i / 7 }))
    const backwards = [...rows].reverse()
    await writeRowsParquet(join(folder, 'a.parquet'), rows)
    await writeRowsParquet(join(folder, 'b.parquet'), backwards)
    expect(readFileSync(join(folder, 'a.parquet')).equals(readFileSync(join(folder, 'b.parquet')))).toBe(true)
    expect(rowsToCsv(rows)).toBe(rowsToCsv(backwards))
  })

  it('can be filtered where they lie', async () => {
    await writeRowsParquet(join(folder, 'rows.parquet'), [inventedRow, { ...inventedRow, rowId: 'c3', model: "o'verlay" }])
    expect((await readRowsParquet(join(folder, 'rows.parquet'), "model = 'bridge'")).map((row) => row.rowId)).toEqual(['b2'])
  })

  it('refuse a number that text cannot carry', () => {
    expect(() => rowsToCsv([{ ...inventedRow, value: Number.NaN }])).toThrow('value: expected a finite number, got NaN')
  })

  it.each([
    [
      { metric: 'latncy' },
      'line 2: metric: expected latency, response-time, throughput, rate, cpu-per-message, start-up, call-duration, got "latncy"',
    ],
    [{ value: '8.6 us' }, 'line 2: value: expected a number, got "8.6 us"'],
    [{ runs: '2.5' }, 'line 2: runs: expected an integer, got "2.5"'],
    [{ model: null }, 'line 2: model: expected a value, got an empty field'],
  ])('name the line and the column of a field that does not fit: %j', (wrong, message) => {
    const fields = Object.entries({ ...inventedRow, campaign: 'c', ...wrong })
    const csv = writeCsv([fields.map(([name]) => name), fields.map(([, value]) => (value === null ? null : String(value)))])
    expect(() => rowsFromCsv(csv)).toThrow(message)
  })
})

describe('merging', () => {
  it('keeps the newer of two rows with one id, and sorts by id', () => {
    const newer = { ...inventedRow, value: 2 }
    expect(mergeRows([{ ...inventedRow, rowId: 'z' }, inventedRow], [newer])).toEqual([newer, { ...inventedRow, rowId: 'z' }])
  })

  it('replaces the stages of a flow together, so that no stage of an older model stays', () => {
    const old = [stage('{"n":1}', 'socket.send', 1), stage('{"n":1}', 'gone', 2), stage('{"n":2}', 'socket.send', 3)]
    expect(mergeStages(old, [stage('{"n":1}', 'socket.send', 9)])).toEqual([
      stage('{"n":1}', 'socket.send', 9),
      stage('{"n":2}', 'socket.send', 3),
    ])
  })
})

describe('atomic writes', () => {
  it('leave the old bytes and no temporary file where writing fails', () => {
    const path = join(folder, 'file')
    atomicWrite(path, 'old')
    expect(() => atomicWrite(join(path, 'below-a-file'), 'new')).toThrow()
    expect(readFileSync(path, 'utf8')).toBe('old')
    expect(readdirSync(folder)).toEqual(['file'])
  })
})

describe('the journal', () => {
  it('gives back what was finished before a kill cut off its last line, and goes on after it', () => {
    const path = join(folder, 'rows.journal')
    const entry = { rows: [inventedRow], stages: [stage('{}', 'socket.send', 1)] }
    appendJournal(path, entry)
    appendFileSync(path, JSON.stringify(entry).slice(0, 50))
    expect(readJournal(path)).toEqual([entry])
    appendJournal(path, entry)
    expect(readJournal(path)).toEqual([entry, entry])
  })
})

describe('a result folder', () => {
  it('gives back what was written, with what a killed run left in its journal', async () => {
    const results = resultFolder(folder)
    expect(await readResults(results)).toEqual({ rows: [], stages: [] })
    await writeResults(results, [inventedRow], [stage('{"n":1}', 'socket.send', 1)])
    appendJournal(results.journal, { rows: [{ ...inventedRow, rowId: 'c3' }], stages: [stage('{"n":2}', 'socket.send', 2)] })
    const found = await readResults(results)
    expect(found.rows.map((row) => row.rowId)).toEqual(['b2', 'c3'])
    expect(found.stages.map((row) => row.point)).toEqual(['{"n":1}', '{"n":2}'])
    await writeResults(results, found.rows, found.stages)
    expect(existsSync(results.journal)).toBe(false)
    expect(await readResults(results)).toEqual(found)
  })

  it('is sealed by a manifest with the hash of every other file', async () => {
    const results = resultFolder(folder)
    await writeResults(results, [inventedRow], [])
    writeExperimentFile(results, 'name: invented\n')
    const sealed = sealResults(results, {
      experiment: 'invented',
      command: ['run', 'invented.yaml'],
      seed: 1,
      startedAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:01Z',
      hostName: 'nowhere',
      durationsS: { simulate: 1 },
      versions: { node: '20' },
      profile: null,
      modelHash: null,
    })
    expect(sealed.files['experiment.yaml']).toBe(sha256('name: invented\n'))
    expect(Object.keys(sealed.files)).toEqual(['experiment.yaml', 'rows.csv', 'rows.parquet', 'tables/stages.csv'])
    expect(readManifest(results.manifest)).toEqual(sealed)
  })

  it('reads a manifest of another version as a refusal', () => {
    writeFileSync(join(folder, 'manifest.json'), '{"schema":"fairway/manifest/9"}')
    expect(() => readManifest(join(folder, 'manifest.json'))).toThrow('expected schema "fairway/manifest/1", got "fairway/manifest/9"')
  })
})

describe('files', () => {
  it('of rows and stages read back from the disk', () => {
    writeRowsCsv(join(folder, 'deep', 'rows.csv'), [inventedRow])
    expect(readRowsCsv(join(folder, 'deep', 'rows.csv'))).toEqual([inventedRow])
    const stages = [
      stage('{}', 'socket.send', 0.1),
      { ...stage('{}', 'bridge.forward', 1), halfWidthNs: 0.3, evidence: 'unobservable' as const },
    ]
    expect(stagesFromCsv(stagesToCsv(stages))).toEqual(stages)
  })
})
