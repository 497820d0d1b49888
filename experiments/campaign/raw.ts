/** The raw outputs of a campaign: one file for each run of each point, written whole when the run has ended. Rows are made of these alone. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { hashText } from '../../sim/index.js'
import { atomicWrite } from '../store/index.js'
import type { MachineEnvironment } from '../testbed/environment.js'
import type { Measurement } from '../testbed/measurement.js'

export interface RawRun {
  readonly schema: 'fairway/raw/1'
  readonly campaign: string
  readonly experiment: string
  /** `Row.point`. */
  readonly point: string
  readonly block: number
  readonly repeat: number
  /** ISO 8601, UTC: when it had been measured. */
  readonly measuredAt: string
  readonly environment: MachineEnvironment
  /** What was changed outside of the run's namespaces. */
  readonly quiet: Readonly<Record<string, string>>
  /** Settings that the kernel didn't take, by namespace, with what they read. */
  readonly unsettled: Readonly<Record<string, Readonly<Record<string, string>>>>
  /** Queueing disciplines of the layout's devices. */
  readonly qdiscs: readonly string[]
  /** Null where there is none, for this reason. */
  readonly measurement: Omit<Measurement, 'logs'> | null
  readonly reason: string | null
}

export interface RunAddress {
  readonly experiment: string
  readonly point: string
  readonly repeat: number
}

function fileStem({ experiment, point, repeat }: RunAddress): string {
  return `${experiment}.${hashText(`${experiment}\n${point}`).slice(0, 12)}.${String(repeat).padStart(2, '0')}`
}

export function rawPath(directory: string, run: RunAddress): string {
  return join(directory, 'raw', `${fileStem(run)}.json.gz`)
}

/** Where the time of every message of one flow is kept: sockperf's own log. */
export function logPath(directory: string, run: RunAddress, flow: string): string {
  return join(directory, 'raw', `${fileStem(run)}.${flow}.csv.gz`)
}

export function isMeasured(directory: string, run: RunAddress): boolean {
  return existsSync(rawPath(directory, run))
}

export function writeRaw(directory: string, run: RawRun, logs: Readonly<Record<string, string>>): void {
  for (const [flow, log] of Object.entries(logs)) atomicWrite(logPath(directory, run, flow), gzipSync(log))
  atomicWrite(rawPath(directory, run), gzipSync(JSON.stringify(run)))
}

export function readRaw(path: string): RawRun {
  return JSON.parse(gunzipSync(readFileSync(path)).toString('utf8')) as RawRun
}

/** Every run of a data set, in the order of the file names. */
export function readAllRaw(directory: string): RawRun[] {
  const folder = join(directory, 'raw')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => readRaw(join(folder, name)))
}
