/**
 * The probes of a calibration: single system calls timed in one process, which tell apart what no ping-pong can (KERNEL: end-host stages occur
 * once each way on every path). A probe set is a folder: `probes.json` (what is measured, written before), `raw/`, `rows.csv`, `manifest.json`.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gunzipSync, gzipSync } from 'node:zlib'
import { displacedIn } from '../models/index.js'
import { createStream, hashText, lowerQuartile } from '../sim/index.js'
import { canonicalJson } from './canonical-json.js'
import type { Row } from './rows.js'
import { atomicWrite, rowsToCsv } from './store/index.js'
import type { MachineEnvironment } from './testbed/environment.js'

export interface ProbePlan {
  readonly schema: 'fairway/probes/1'
  readonly name: string
  readonly role: 'fit'
  readonly runs: number
  /** Calls of each probe in each run. */
  readonly calls: number
  readonly transports: readonly ('tcp' | 'udp')[]
  readonly sizesBytes: readonly number[]
  /** Sleeps after which the first calls are timed, ms, over TCP; absent in sets that were measured before there were any. */
  readonly restsMs?: readonly number[]
}

export interface ProbeSet {
  readonly plan: ProbePlan
  readonly rows: readonly Row[]
}

export interface ProbeSetManifest {
  readonly schema: 'fairway/probe-set/1'
  readonly campaign: string
  /** ISO 8601, UTC: the first run and the last; absent where the runs don't tell. */
  readonly measuredFrom?: string
  readonly measuredTo?: string
  readonly runs: number
  /** Every machine environment that a run was made in: one, unless the kernel or an instrument changed in between. */
  readonly environments: readonly MachineEnvironment[]
}

export interface ProbeRun {
  readonly repeat: number
  /** ISO 8601, UTC: when it had been measured; absent in runs that were made before the time was kept. */
  readonly measuredAt?: string
  readonly environment: MachineEnvironment
  /** By `transport bytes`, or `transport bytes rest_ms`, the instrument's lines. */
  readonly outputs: Readonly<Record<string, string>>
}

export function probePlan(name: string): ProbePlan {
  return {
    schema: 'fairway/probes/1',
    name,
    role: 'fit',
    runs: 9,
    calls: 20_000,
    transports: ['tcp', 'udp'],
    sizesBytes: [64, 1400, 4096, 16384],
    restsMs: [8, 16, 32, 48, 64],
  }
}

export function isProbeSet(directory: string): boolean {
  return existsSync(join(directory, 'probes.json'))
}

/** @throws Error where the folder holds no probe set */
export function readProbeSet(directory: string): ProbeSet {
  const plan = readPlan(directory)
  return { plan, rows: rowsOfProbes(plan, readRuns(directory)) }
}

/** Makes the rows and the manifest of the raw outputs that are there, and writes both. */
export function sealProbeSet(directory: string): ProbeSet {
  const plan = readPlan(directory)
  const runs = readRuns(directory)
  const rows = rowsOfProbes(plan, runs)
  atomicWrite(join(directory, 'rows.csv'), rowsToCsv(rows))
  atomicWrite(join(directory, 'manifest.json'), `${JSON.stringify(manifestOf(plan, runs), null, 2)}\n`)
  return { plan, rows }
}

/** Keeps one run's outputs, whole. */
export function writeProbeRun(directory: string, run: ProbeRun): void {
  atomicWrite(rawPath(directory, run.repeat), gzipSync(JSON.stringify(run)))
}

export function isProbeRunMeasured(directory: string, repeat: number): boolean {
  return existsSync(rawPath(directory, repeat))
}

function readPlan(directory: string): ProbePlan {
  return JSON.parse(readFileSync(join(directory, 'probes.json'), 'utf8')) as ProbePlan
}

function manifestOf(plan: ProbePlan, runs: readonly ProbeRun[]): ProbeSetManifest {
  const times = runs.flatMap(({ measuredAt }) => measuredAt ?? []).sort()
  return {
    schema: 'fairway/probe-set/1',
    campaign: plan.name,
    ...(times.length > 0 && { measuredFrom: times[0]!, measuredTo: times.at(-1)! }),
    runs: runs.length,
    environments: [...new Map(runs.map(({ environment }) => [JSON.stringify(environment), environment])).values()],
  }
}

function rawPath(directory: string, repeat: number): string {
  return join(directory, 'raw', `${String(repeat).padStart(2, '0')}.json.gz`)
}

function readRuns(directory: string): ProbeRun[] {
  const folder = join(directory, 'raw')
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json.gz'))
    .sort()
    .map((name) => JSON.parse(gunzipSync(readFileSync(join(folder, name))).toString('utf8')) as ProbeRun)
}

/** What one call of a probe is charged, in the models' coefficients; null for a probe that isn't known. */
function chargesOf(probe: string, transport: 'tcp' | 'udp', bytes: number, restMs: number): Record<string, number> | null {
  switch (probe) {
    case 'send':
      return {
        'socket.send.perCallNs': 1,
        'socket.send.perByteNs': bytes,
        ...(transport === 'tcp' && { 'tcp.transmit.perByteNs': bytes }),
        [`${transport}.transmit.perPacketNs`]: 1,
        'loopback.transmit.perPacketNs': 1,
        [`${transport}.receive.perPacketNs`]: 1,
      }
    case 'receive':
      return {
        'socket.receive.perCallNs': 1,
        'socket.receive.perByteNs': bytes,
        ...(transport === 'tcp' && { 'tcp.receive.perCallNs': 1 }),
      }
    case 'poll':
      return { 'proxy.relay.perCallNs': 1 }
    case 'rest':
      return { 'cache.refill.perProcessNs': displacedIn(1e6 * restMs) }
    default:
      return null
  }
}

/**
 * Point rows by the estimator of every measured point: the lower quartile of the runs' medians. An id names the measurement alone, so that it
 * outlives a change of the charges.
 */
function rowsOfProbes(plan: ProbePlan, runs: readonly ProbeRun[]): Row[] {
  const medians = new Map<string, number[]>()
  for (const { outputs } of runs) {
    for (const [call, text] of Object.entries(outputs)) {
      for (const line of text.trim().split('\n')) {
        const { probe, medianNs } = JSON.parse(line) as { probe: string; medianNs: number }
        const key = `${probe} ${call}`
        medians.set(key, [...(medians.get(key) ?? []), medianNs])
      }
    }
  }
  return [...medians].flatMap(([key, values]): Row[] => {
    const [probe, transport, bytesText, restText] = key.split(' ') as [string, 'tcp' | 'udp', string, string?]
    const charges = chargesOf(probe, transport, Number(bytesText), Number(restText))
    if (charges === null) return []
    const estimate = lowerQuartile(values, createStream(0, 0, 0))
    const call = { bytes: Number(bytesText), probe, ...(restText !== undefined && { restMs: Number(restText) }), transport }
    const measure = { metric: 'call-duration', statistic: 'p50' } as const
    return [
      {
        rowId: hashText(canonicalJson({ campaign: plan.name, ...call, ...measure })),
        level: 'point',
        experiment: 'probes',
        point: canonicalJson({ ...call, charges }),
        flow: restText === undefined ? `${probe} ${transport} ${bytesText} B` : `${probe} ${restText} ms`,
        model: 'shared',
        source: 'measured',
        role: plan.role,
        ...measure,
        unit: 'ns',
        value: estimate.value,
        halfWidth: estimate.halfWidth,
        halfWidthKind: estimate.halfWidth === null ? null : 'repeats',
        confidence: estimate.halfWidth === null ? null : estimate.confidence,
        messages: plan.calls * values.length,
        runs: values.length,
        seed: null,
        replication: null,
        profileHash: null,
        modelHash: null,
        campaign: plan.name,
        block: null,
        repeat: null,
        sketch: null,
        proof: null,
        limits: null,
        trust: null,
        environment: canonicalJson(runs[0]!.environment),
      },
    ]
  })
}
