/**
 * The fit: from measured values to coefficients with their covariance. The simulator itself says how often each coefficient was charged in
 * each measured point (the design matrix) and by how much a median differs from the mean charge (the offset, from preemption's mixture and
 * noise); a linear least squares with the prior beliefs then moves the coefficients, and the two steps repeat until they agree.
 */
import { Matrix, solve } from 'ml-matrix'
import { quantiles } from '../../sim/index.js'
import type { Profile } from '../profiles/profile.js'
import { simulateReplication } from '../simulate.js'
import { coefficientNames, optionalCoefficients } from '../stages/index.js'
import type { Flow, Scenario, Stream } from '../topology/scenario.js'
import { priorBeliefs } from './prior.js'

/** One fitted value: a latency (p50) that a scenario must reproduce, or the duration of a probe whose charges are known. */
export type Observation = {
  readonly rowId: string
  readonly label: string
  readonly valueNs: number
  /** Standard deviation of the measured value (its repeatability), ns. */
  readonly deviationNs: number
} & (
  | {
      readonly scenario: Scenario
      /** Of connections: the step whose median the value is. */
      readonly step?: string
    }
  | { readonly charges: Readonly<Record<string, number>> }
)

export interface FitResult {
  readonly values: readonly number[]
  /** Row-major, in the order of `coefficientNames`. */
  readonly covariance: readonly number[]
  readonly residuals: readonly { readonly label: string; readonly measuredNs: number; readonly fittedNs: number }[]
  readonly iterations: number
  /** Names of the coefficients that any observation charges; of the others only the prior belief is known. */
  readonly charged: ReadonlySet<string>
  /** By path: its observations predicted by a fit that sees none of them, relative to what was measured, minus 1. Probes have no path. */
  readonly leftOut: readonly number[]
}

const MESSAGES = 2000
const WARM_UP_MESSAGES = 300
const ITERATIONS = 8
/** What no cost law catches (cache and code placement differ between paths): a share of each value, added to its repeatability. */
export const MODEL_DEVIATION = 0.01
/** The same for a probe, whose loop keeps the caches warmer than a message between two processes finds them. */
const PROBE_DEVIATION = 0.03

/**
 * @param start a profile whose kernel facts, noise and interruptions are kept; its coefficients are the first guess
 * @throws RangeError where an observation's scenario can't be laid out
 */
export function fitProfile(start: Profile, observations: readonly Observation[]): FitResult {
  const beliefs = priorBeliefs()
  const n = coefficientNames.length
  let values = coefficientNames.map(
    (name) => start.coefficients.find((c) => c.name === name)?.value ?? beliefs[coefficientNames.indexOf(name)]!.mean,
  )
  let covariance = Matrix.zeros(n, n)
  let design: DesignRow[] = []
  for (let iteration = 0; iteration < ITERATIONS; iteration++) {
    const profile = withValues(start, values)
    design = observations.map((observation) => designRow(observation, profile))
    const { normal, right } = equations(observations, design)
    values = nonNegative(normal, right)
    covariance = solve(normal, Matrix.eye(n))
  }
  return {
    values,
    covariance: covariance.to1DArray(),
    residuals: observations.map((observation, row) => {
      const { charges, offsetNs } = design[row]!
      return {
        label: observation.label,
        measuredNs: observation.valueNs,
        fittedNs: offsetNs + charges.reduce((sum, c, i) => sum + c * values[i]!, 0),
      }
    }),
    iterations: ITERATIONS,
    leftOut: leftOut(observations, design),
    charged: new Set(coefficientNames.filter((_, i) => design.some(({ charges }) => charges[i] !== 0))),
  }
}

export interface DesignRow {
  readonly charges: readonly number[]
  readonly offsetNs: number
}

/** The normal equations of weighted least squares with the prior beliefs; an observation whose design is null is left out. */
function equations(observations: readonly Observation[], design: readonly (DesignRow | null)[]): { normal: Matrix; right: Matrix } {
  const n = coefficientNames.length
  const normal = Matrix.zeros(n, n)
  const right = Matrix.zeros(n, 1)
  priorBeliefs().forEach(({ mean, deviation }, i) => {
    normal.set(i, i, 1 / deviation ** 2)
    right.set(i, 0, mean / deviation ** 2)
  })
  observations.forEach((observation, row) => {
    const designed = design[row]
    if (!designed) return
    const { charges, offsetNs } = designed
    const variance =
      observation.deviationNs ** 2 + (('charges' in observation ? PROBE_DEVIATION : MODEL_DEVIATION) * observation.valueNs) ** 2
    const target = observation.valueNs - offsetNs
    for (let i = 0; i < n; i++) {
      if (charges[i] === 0) continue
      right.set(i, 0, right.get(i, 0) + (charges[i]! * target) / variance)
      for (let j = 0; j < n; j++) normal.set(i, j, normal.get(i, j) + (charges[i]! * charges[j]!) / variance)
    }
  })
  return { normal, right }
}

/** Each path (a scenario whatever its messages' size) left out once. */
function leftOut(observations: readonly Observation[], design: readonly DesignRow[]): number[] {
  const paths = observations.map((observation) => ('scenario' in observation ? pathKey(observation.scenario) : null))
  return [...new Set(paths)].flatMap((path) => {
    if (path === null) return []
    const { normal, right } = equations(
      observations,
      design.map((row, i) => (paths[i] === path ? null : row)),
    )
    const values = nonNegative(normal, right)
    return observations.flatMap(({ valueNs }, i) => {
      if (paths[i] !== path) return []
      const { charges, offsetNs } = design[i]!
      return [(offsetNs + charges.reduce((sum, count, c) => sum + count * values[c]!, 0)) / valueNs - 1]
    })
  })
}

function pathKey({ flows, ...scenario }: Scenario): string {
  return JSON.stringify([scenario, Object.values(flows).map(({ workload, ...flow }) => [flow, workload.kind])])
}

/** Least squares under values >= 0: those that would be negative are held at 0, one at a time (the active-set idea of Lawson and Hanson). */
export function nonNegative(normal: Matrix, right: Matrix): number[] {
  const n = normal.rows
  const held = new Set<number>()
  for (;;) {
    const free = Array.from({ length: n }, (_, i) => i).filter((i) => !held.has(i))
    const solution = solve(normal.selection(free, free), right.selection(free, [0])).to1DArray()
    const lowest = solution.indexOf(Math.min(...solution))
    if (solution[lowest]! >= 0) {
      const values = new Array<number>(n).fill(0)
      free.forEach((i, at) => {
        values[i] = solution[at]!
      })
      return values
    }
    held.add(free[lowest]!)
  }
}

/** What the client does between messages, and what the first message alone waits for. */
const outsideMedians: ReadonlySet<string> = new Set(['instrument.client.perMessageNs', 'cache.refill.perProcessNs'])

/** How often an observation charges each coefficient, and what its median has beside the sum of them. */
export function designRow(observation: Observation, profile: Profile): DesignRow {
  if ('charges' in observation) {
    return { charges: coefficientNames.map((name) => observation.charges[name] ?? 0), offsetNs: 0 }
  }
  const [{ workload }] = Object.values(observation.scenario.flows) as [Flow]
  if (workload.kind === 'stream') return designOfStream(observation.scenario, workload, profile)
  const options = { seed: 1, replication: 0, messages: MESSAGES, warmUpMessages: WARM_UP_MESSAGES }
  const flow = simulateReplication(observation.scenario, profile, options).flows[0]!
  if (observation.step !== undefined) {
    const { coefficientCounts, medianNs } = flow.steps![observation.step]!
    const charges = coefficientNames.map((name) => coefficientCounts[name] ?? 0)
    return { charges, offsetNs: medianNs - charges.reduce((sum, count, i) => sum + count * profile.coefficients[i]!.value, 0) }
  }
  // A latency is half of a round trip, whose charges are counted.
  const ways = flow.metric === 'latency' ? 2 : 1
  const charges = coefficientNames.map((name) => (outsideMedians.has(name) ? 0 : (flow.coefficientCounts[name] ?? 0) / ways))
  const charged = charges.reduce((sum, count, i) => sum + count * profile.coefficients[i]!.value, 0)
  return { charges, offsetNs: quantiles(flow.latencyNs, [0.5])[0]! - charged }
}

/** Bytes that a stream's design is taken over: windows and buffers have grown by then, and cores have gone through hundreds of turns. */
const STREAM_BYTES = 1e9

/** Of a stream, the time from write to write is observed: its charges, and what its core waits beside. */
function designOfStream(scenario: Scenario, { messageBytes }: Stream, profile: Profile): DesignRow {
  const messages = Math.ceil(STREAM_BYTES / messageBytes)
  const options = { seed: 1, replication: 0, messages, warmUpMessages: Math.ceil(messages / 10) }
  const flow = simulateReplication(scenario, profile, options).flows[0]!
  const charges = coefficientNames.map((name) => flow.coefficientCounts[name] ?? 0)
  const charged = charges.reduce((sum, count, i) => sum + count * profile.coefficients[i]!.value, 0)
  return { charges, offsetNs: (8e9 * messageBytes) / flow.throughputBps! - charged }
}

/** The profile without the optional coefficients that its observations never charge: nobody has measured those stages on this machine. */
export function withoutUnseen(profile: Profile, charged: ReadonlySet<string>): Profile {
  const size = profile.coefficients.length
  const kept = profile.coefficients.flatMap(({ name }, i) => (optionalCoefficients.has(name) && !charged.has(name) ? [] : [i]))
  return {
    ...profile,
    coefficients: kept.map((i) => profile.coefficients[i]!),
    covariance: kept.flatMap((i) => kept.map((j) => profile.covariance[i * size + j]!)),
  }
}

/** The profile with other coefficients, in the order of `coefficientNames`. */
export function withValues(profile: Profile, values: readonly number[]): Profile {
  return {
    ...profile,
    coefficients: coefficientNames.map((name, i) => ({
      name,
      value: values[i]!,
      unit: name.endsWith('perByteNs') ? 'ns/B' : 'ns',
      origin: 'fitted',
    })),
  }
}
