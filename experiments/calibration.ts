/** From a data set to a profile: the fit rows become observations, their tails the interruptions, their bodies the noise. */
import {
  coefficientNames,
  extendProfile,
  fitInterruptions,
  fitProfile,
  fitSpread,
  type Observation,
  type Profile,
  type Tail,
  withoutUnseen,
  withValues,
} from '../models/index.js'
import type { Scenario } from '../models/topology/scenario.js'
import { connects, startOf } from '../models/topology/scenario.js'
import { CONNECTION_STEPS } from '../models/workloads/connect.js'
import { type StartCharge, type StartSteps, startSteps } from '../models/workloads/start-steps.js'
import { LatencySketch, quantiles } from '../sim/index.js'
import { type DataSet, readAllRaw } from './campaign/index.js'
import { canonicalJson } from './canonical-json.js'
import type { Point } from './experiment.js'
import type { ProbeSet } from './probes.js'
import { medianOfStep, medianOnCore, type Row } from './rows.js'
import { type MachineEnvironment, machineLine } from './testbed/environment.js'
import { unknownStages } from './uncalibrated.js'

export interface Calibration {
  readonly profile: Profile
  readonly residuals: readonly { readonly label: string; readonly measuredNs: number; readonly fittedNs: number }[]
}

/** EEVDF's base slice on this kernel: 0.7 ms times 1 + log2(cores) (kernel/sched/fair.c, sysctl_sched_base_slice). */
const BASE_SLICE_NS = 1.4e6
/** A 95 % half-width over this is a standard deviation. */
const HALF_WIDTH_IN_DEVIATIONS = 1.96
/** A normal variable's median absolute value times this is its standard deviation; a path that alone has a stage, left out, says little of the model. */
const MAD_IN_DEVIATIONS = 1.4826

/**
 * Fits a profile to the rows of data sets and probe sets whose role is `fit`.
 * @throws RangeError when they hold no such latencies
 */
export function calibrate(dataSets: readonly DataSet[], probeSets: readonly ProbeSet[], name: string): Calibration {
  const points = new Map(
    dataSets.flatMap(({ experiments }) =>
      experiments.flatMap((experiment) => experiment.points.map((point) => [`${experiment.name} ${point.id}`, point] as const)),
    ),
  )
  const rows = dataSets.flatMap((set) => set.rows).filter((row) => row.level === 'point' && row.role === 'fit')
  const medians = rows.filter((row) => row.metric === 'latency' && row.statistic === 'p50' && !stalls(row))
  const pointOf = (row: Row): Point => points.get(`${row.experiment} ${row.point}`)!
  const names = [...dataSets, ...probeSets].map(({ plan }) => plan.name)
  if (medians.length === 0) throw new RangeError(`${names.join(', ')}: no latencies whose role is fit`)

  const observations = [
    ...medians.map((row) => latencyObservation(row, pointOf(row))),
    ...probeSets.flatMap((set) => set.rows).flatMap(probeObservation),
    ...dataSets.flatMap(startObservations),
  ]
  const simple = medians.filter((row) => row.sketch !== null && runsOnOneCore(pointOf(row)))
  const tails = dataSets.flatMap((set) => tailsOf(set, simple))
  const start = blankProfile(name, names.join(', '), medians[0]!, coresOf(pointOf(medians[0]!)), fitInterruptions(tails))
  const rough = withValues(start, fitProfile(start, observations).values)
  const bodies = simple.map((row) => {
    const sketch = LatencySketch.decode(row.sketch!)
    return { scenario: pointOf(row).scenario, p10: sketch.quantile(0.1), p50: sketch.quantile(0.5) }
  })
  const noisy = { ...rough, burstSigma: fitSpread(rough, bodies) }
  const fit = fitProfile(noisy, observations)
  const fitRows = observations.map(({ rowId }) => rowId).sort()
  const profile = {
    ...withValues(noisy, fit.values),
    covariance: fit.covariance,
    fitRows,
    modelDeviation: MAD_IN_DEVIATIONS * quantiles(fit.leftOut.map(Math.abs), [0.5])[0]!,
  }
  return { profile: withoutUnseen(profile, fit.charged), residuals: fit.residuals }
}

export interface Extended extends Calibration {
  readonly scale: number
  readonly references: number
  readonly added: readonly string[]
}

/**
 * Adds to a profile what it lacks, from the rows of data sets whose role is `fit` and from probes; what it has stays.
 * @throws RangeError when they hold no such latencies, or none of paths that the profile knows
 */
export function extend(profile: Profile, dataSets: readonly DataSet[], probeSets: readonly ProbeSet[]): Extended {
  const measured = dataSets.flatMap(({ experiments, rows }) => {
    const points = new Map(experiments.flatMap(({ name, points }) => points.map((point) => [`${name} ${point.id}`, point] as const)))
    return rows
      .filter((row) => row.level === 'point' && row.role === 'fit' && row.metric === 'latency' && row.statistic === 'p50' && !stalls(row))
      .map((row) => latencyObservation(row, points.get(`${row.experiment} ${row.point}`)!))
  })
  const streamed = dataSets.flatMap(streamObservations)
  const requested = dataSets.flatMap(requestObservations)
  const probed = probeSets.flatMap((set) => set.rows).flatMap(probeObservation)
  const has = new Set(profile.coefficients.map(({ name }) => name))
  // A step that the profile knows is no reference: how fast the machine is is told by messages, as for every other stage.
  const started = dataSets
    .flatMap(startObservations)
    .filter((one) => 'charges' in one && Object.keys(one.charges).some((name) => !has.has(name)))
  const connected = dataSets.flatMap(connectionObservations).filter(({ scenario }) => unknownStages(scenario, profile).length > 0)
  const {
    profile: made,
    residuals,
    ...rest
  } = extendProfile(profile, [...measured, ...streamed, ...requested, ...probed, ...started, ...connected])
  const names = [...dataSets, ...probeSets].map(({ plan }) => plan.name).join(', ')
  // Rows of points carry the environment, those of single runs don't.
  const withEnvironment = [...dataSets, ...probeSets]
    .flatMap(({ rows }) => rows)
    .filter(({ level, environment }) => level === 'point' && environment !== null)
  const machine = [...new Set(withEnvironment.map(machineOfRow))].join(', ')
  const dataSet = `${profile.dataSet}; ${names} (${machine}) scaled by ${rest.scale.toFixed(3)}`
  return { profile: { ...made, dataSet, validation: null }, residuals, ...rest }
}

function machineOfRow({ environment }: Row): string {
  return machineLine(JSON.parse(environment ?? '{}') as MachineEnvironment)
}

function blankProfile(name: string, dataSet: string, row: Row, cores: number, interruptions: Profile['interruptions']): Profile {
  const environment = JSON.parse(row.environment ?? '{}') as MachineEnvironment
  return {
    schema: 'fairway/profile/1',
    name,
    machine: machineLine({ ...environment, cores }),
    dataSet,
    fitRows: [],
    kernel: { release: environment.kernel, hz: environment.hz ?? 250, baseSliceNs: BASE_SLICE_NS },
    coefficients: [],
    covariance: [],
    burstSigma: 0.03,
    interruptions,
    validation: null,
  }
}

function coresOf({ scenario }: Point): number {
  return Object.values(scenario.machines).reduce((sum, machine) => sum + machine.cores, 0)
}

function stalls(row: Row): boolean {
  return row.value > 4e6
}

function runsOnOneCore({ scenario }: Point): boolean {
  return new Set([...Object.values(scenario.containers), ...Object.values(scenario.proxies)].map((end) => end.core)).size === 1
}

function latencyObservation(row: Row, point: Point): Observation {
  return {
    rowId: row.rowId,
    label: `${row.experiment} ${canonicalJson(point.values)}${row.statistic === 'p50' ? '' : ` ${row.statistic}`}`,
    valueNs: row.value,
    deviationNs: (row.halfWidth ?? 0) / HALF_WIDTH_IN_DEVIATIONS,
    scenario: point.scenario,
  }
}

/** What a write of a stream took, from one to the next. */
function streamObservations({ experiments, rows }: DataSet): Observation[] {
  const points = new Map(experiments.flatMap(({ name, points }) => points.map((point) => [`${name} ${point.id}`, point] as const)))
  return rows.flatMap((row): Observation[] => {
    if (row.level !== 'point' || row.role !== 'fit' || row.metric !== 'throughput') return []
    const point = points.get(`${row.experiment} ${row.point}`)!
    const takesNs = (8e9 * point.scenario.flows[row.flow]!.workload.messageBytes) / row.value
    return [
      {
        rowId: row.rowId,
        label: `${row.experiment} ${canonicalJson(point.values)}`,
        valueNs: takesNs,
        deviationNs: (takesNs * (row.halfWidth ?? 0)) / row.value / HALF_WIDTH_IN_DEVIATIONS,
        scenario: point.scenario,
      },
    ]
  })
}

/** The response times of HTTP. */
function requestObservations({ experiments, rows }: DataSet): Observation[] {
  const points = new Map(experiments.flatMap(({ name, points }) => points.map((point) => [`${name} ${point.id}`, point] as const)))
  return rows.flatMap((row): Observation[] => {
    if (row.level !== 'point' || row.role !== 'fit' || row.metric !== 'response-time' || row.statistic !== 'p50' || stalls(row)) return []
    const point = points.get(`${row.experiment} ${row.point}`)!
    return point.scenario.flows[row.flow]!.workload.kind === 'http' ? [latencyObservation(row, point)] : []
  })
}

/** A probe's row names, in its point, what one call is charged. */
function probeObservation(row: Row): Observation[] {
  if (row.metric !== 'call-duration' || row.statistic !== 'p50') return []
  const { charges } = JSON.parse(row.point) as { charges?: Record<string, number> }
  if (charges === undefined || Object.keys(charges).some((name) => !coefficientNames.includes(name))) return []
  return [
    {
      rowId: row.rowId,
      label: `probe ${row.flow}`,
      valueNs: row.value,
      deviationNs: (row.halfWidth ?? 0) / HALF_WIDTH_IN_DEVIATIONS,
      charges,
    },
  ]
}

/** The steps of starts that nobody else's start holds up: what each is charged is known (models/workloads/start-steps.ts). */
function startObservations({ experiments, rows }: DataSet): Observation[] {
  const points = new Map(experiments.flatMap(({ name, points }) => points.map((point) => [`${name} ${point.id}`, point] as const)))
  return rows.flatMap((row): Observation[] => {
    const point = points.get(`${row.experiment} ${row.point}`)
    if (row.level !== 'point' || row.role !== 'fit' || row.metric !== 'start-up' || point === undefined) return []
    // What a step's processes had a core for is not told of every step.
    if (row.value === 0) return []
    if (startOf(point.scenario)?.workload.atOnce !== 1) return []
    const charges = chargesOf(startSteps(point.scenario), row.statistic)
    if (charges.length === 0) return []
    return [
      {
        rowId: row.rowId,
        label: `${row.experiment} ${canonicalJson(point.values)} ${row.statistic}`,
        valueNs: row.value,
        deviationNs: (row.halfWidth ?? 0) / HALF_WIDTH_IN_DEVIATIONS,
        charges: Object.fromEntries(charges.map(({ law, per, count }) => [`${law.stage}.${per}`, count])),
      },
    ]
  })
}

/**
 * Connections, all of each; of direct paths the steps too. What either is charged the simulation counts. Not the steps through a relay: which of them a relay's work falls
 * into hangs on how the kernel orders its threads and processes, of which the model has one task.
 */
function connectionObservations({ experiments, rows }: DataSet): (Observation & { readonly scenario: Scenario })[] {
  const points = new Map(experiments.flatMap(({ name, points }) => points.map((point) => [`${name} ${point.id}`, point] as const)))
  return rows.flatMap((row) => {
    const point = points.get(`${row.experiment} ${row.point}`)
    if (row.level !== 'point' || row.role !== 'fit' || point === undefined || !connects(point.scenario)) return []
    const { scenario } = point
    const observation = { ...latencyObservation(row, point), scenario }
    if (row.metric === 'response-time' && row.statistic === 'p50') return [observation]
    if (Object.keys(scenario.proxies).length > 0) return []
    // Nobody is there to negotiate with.
    const step = CONNECTION_STEPS.find((one) => one !== 'negotiate' && row.statistic === medianOfStep(one))
    return step === undefined ? [] : [{ ...observation, step }]
  })
}

/** All of a step by what passed; and, of one that both works and sleeps, the work by what its processes had a core for. */
function chargesOf(steps: StartSteps, statistic: string): readonly StartCharge[] {
  return steps.flatMap(([step, charges]) => {
    if (statistic === medianOfStep(step)) return charges
    const work = charges.filter(({ isAway }) => !isAway)
    return statistic === medianOnCore(step) && work.length < charges.length ? work : []
  })
}

/** The tail of every run of these points. */
function tailsOf({ directory }: DataSet, rows: readonly Row[]): Tail[] {
  const flows = new Map(rows.map(({ experiment, point, flow }) => [`${experiment} ${point}`, flow]))
  return readAllRaw(directory).flatMap(({ experiment, point, measurement }) => {
    const flow = flows.get(`${experiment} ${point}`)
    return flow === undefined || measurement === null ? [] : [tailOf(LatencySketch.decode(measurement.flows[flow]!.sketch))]
  })
}

function tailOf(sketch: LatencySketch): Tail {
  const medianNs = sketch.quantile(0.5)
  return {
    roundTripNs: 2 * medianNs,
    bodyNs: 2 * (medianNs - sketch.quantile(0.1)),
    messages: sketch.count,
    beyond(excessNs) {
      let count = 0
      for (const bucket of sketch.buckets()) if (bucket.lowNs > medianNs + excessNs / 2) count += bucket.count
      return count
    },
  }
}
