/**
 * The probes of a calibration: single system calls timed in one process, which tell apart what no ping-pong can (KERNEL: end-host stages occur
 * once each way on every path). A probe set is a folder: `probes.json` (what is measured, written before), `raw/`, `rows.csv`, `manifest.json`.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { gunzipSync, gzipSync } from 'node:zlib'
import type { Scenario } from '../models/index.js'
import { layOut } from '../models/index.js'
import { createStream, hashText, lowerQuartile } from '../sim/index.js'
import { canonicalJson } from './canonical-json.js'
import { packageRoot } from './package-root.js'
import type { Row } from './rows.js'
import { atomicWrite, rowsToCsv } from './store/index.js'
import { buildLayout } from './testbed/build.js'
import { command } from './testbed/command.js'
import { environmentOf, type MachineEnvironment } from './testbed/environment.js'
import { startInstrument } from './testbed/process.js'
import { beginRun, type RunOptions } from './testbed/run.js'

export interface ProbePlan {
  readonly schema: 'fairway/probes/1'
  readonly name: string
  readonly role: 'fit'
  readonly runs: number
  /** Calls of each probe in each run. */
  readonly calls: number
  readonly transports: readonly ('tcp' | 'udp')[]
  readonly sizesBytes: readonly number[]
}

export interface ProbeSet {
  readonly plan: ProbePlan
  readonly rows: readonly Row[]
}

interface ProbeRun {
  readonly repeat: number
  readonly environment: MachineEnvironment
  /** By `transport bytes`, the instrument's lines. */
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
  }
}

export function isProbeSet(directory: string): boolean {
  return existsSync(join(directory, 'probes.json'))
}

/** @throws Error where the folder holds no probe set */
export function readProbeSet(directory: string): ProbeSet {
  const plan = JSON.parse(readFileSync(join(directory, 'probes.json'), 'utf8')) as ProbePlan
  return { plan, rows: rowsOfProbes(plan, readRuns(directory)) }
}

/** Measures what is missing of a probe set, compiling the instrument with gcc. @throws BusyError when somebody else measures */
export async function measureProbes(plan: ProbePlan, directory: string, options: RunOptions = {}): Promise<ProbeSet> {
  const planPath = join(directory, 'probes.json')
  if (!existsSync(planPath)) atomicWrite(planPath, `${JSON.stringify(plan, null, 2)}\n`)
  const run = await beginRun(options)
  try {
    const environment = await environmentOf()
    const program = join(run.folder, 'probes')
    await command(['gcc', '-O2', '-o', program, fileURLToPath(new URL('experiments/testbed/instruments/probes.c', packageRoot))])
    for (let repeat = 0; repeat < plan.runs; repeat++) {
      const path = rawPath(directory, repeat)
      if (existsSync(path)) continue
      const built = await buildLayout(run, onePod, layOut(onePod))
      try {
        const outputs: Record<string, string> = {}
        for (const transport of plan.transports) {
          for (const bytes of plan.sizesBytes) {
            const argv = [program, transport, String(bytes), String(plan.calls)]
            const instrument = startInstrument(run, argv, { namespace: built.kernelName('pod.net'), core: 1, policy: 'other' })
            const code = await instrument.ended
            const { stdout, stderr } = instrument.output()
            if (code !== 0) throw new Error(`probes ${transport} ${bytes}: ${stderr.trim() || `ended with ${code}`}`)
            outputs[`${transport} ${bytes}`] = stdout
          }
        }
        mkdirSync(dirname(path), { recursive: true })
        atomicWrite(path, gzipSync(JSON.stringify({ repeat, environment, outputs } satisfies ProbeRun)))
      } finally {
        await built.remove()
      }
    }
  } finally {
    await run.end()
  }
  const set = readProbeSet(directory)
  atomicWrite(join(directory, 'rows.csv'), rowsToCsv(set.rows))
  return set
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

/** What one call of a probe is charged, in the models' coefficients. */
function chargesOf(probe: string, transport: 'tcp' | 'udp', bytes: number): Record<string, number> | null {
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
    default:
      return null
  }
}

/** Point rows by the estimator of every measured point: the lower quartile of the runs' medians. */
export function rowsOfProbes(plan: ProbePlan, runs: readonly ProbeRun[]): Row[] {
  const medians = new Map<string, number[]>()
  for (const { outputs } of runs) {
    for (const [call, text] of Object.entries(outputs)) {
      for (const line of text.trim().split('\n')) {
        const { probe, medianNs } = JSON.parse(line) as { probe: string; medianNs: number }
        const key = `${call} ${probe}`
        medians.set(key, [...(medians.get(key) ?? []), medianNs])
      }
    }
  }
  return [...medians].flatMap(([key, values]): Row[] => {
    const [transport, bytesText, probe] = key.split(' ') as ['tcp' | 'udp', string, string]
    const charges = chargesOf(probe, transport, Number(bytesText))
    if (charges === null) return []
    const estimate = lowerQuartile(values, createStream(0, 0, 0))
    const point = canonicalJson({ bytes: Number(bytesText), charges, probe, transport })
    return [
      {
        rowId: hashText(canonicalJson({ campaign: plan.name, metric: 'call-duration', point, statistic: 'p50' })),
        level: 'point',
        experiment: 'probes',
        point,
        flow: `${probe} ${transport} ${bytesText} B`,
        model: 'shared',
        source: 'measured',
        role: plan.role,
        metric: 'call-duration',
        statistic: 'p50',
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

/** One namespace with its loopback device: where the probes run. */
const onePod: Scenario = {
  machines: { m1: { cores: 2, idle: 'as-found' } },
  hosts: { h1: { machine: 'm1' } },
  links: [],
  networks: { net: { driver: 'shared', subnet: '10.70.0.0/24', mtuBytes: 65536, bridges: 1, ends: 'bridge', vni: 1 } },
  containers: { probe: { host: 'h1', core: 1, networks: ['net'], bridge: 1, policy: 'other', noDelay: true } },
  proxies: {},
  tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: false },
  flows: {},
}
