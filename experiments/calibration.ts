/** From a data set to a profile: the fit rows become observations, their tails the interruptions, their bodies the noise. */
import {
  coefficientNames,
  fitInterruptions,
  fitProfile,
  fitSpread,
  type Observation,
  type Profile,
  type Tail,
  withValues,
} from '../models/index.js'
import { LatencySketch } from '../sim/index.js'
import type { DataSet } from './campaign/index.js'
import { canonicalJson } from './canonical-json.js'
import type { Point } from './experiment.js'
import type { Row } from './rows.js'

export interface Calibration {
  readonly profile: Profile
  readonly residuals: readonly { readonly label: string; readonly measuredNs: number; readonly fittedNs: number }[]
}

/** EEVDF's base slice on this kernel: 0.7 ms times 1 + log2(cores) (kernel/sched/fair.c, sysctl_sched_base_slice). */
const BASE_SLICE_NS = 1.4e6
/** A 95 % half-width over this is a standard deviation. */
const HALF_WIDTH_IN_DEVIATIONS = 1.96

/**
 * Fits a profile to the rows of a data set whose role is `fit`.
 * @throws RangeError when the data set has no such rows
 */
export function calibrate(dataSet: DataSet, name: string): Calibration {
  const points = new Map(
    dataSet.plan.experiments.flatMap(({ experiment }) =>
      experiment.points.map((point) => [`${experiment.name} ${point.id}`, point] as const),
    ),
  )
  const rows = dataSet.rows.filter((row) => row.level === 'point' && row.role === 'fit')
  const medians = rows.filter((row) => row.metric === 'latency' && row.statistic === 'p50')
  if (medians.length === 0) throw new RangeError(`data set ${dataSet.plan.name} has no rows whose role is fit`)
  const scenarioOf = (row: Row): Point => points.get(`${row.experiment} ${row.point}`)!

  const simple = medians.filter((row) => row.sketch !== null && !stalls(row) && runsOnOneCore(scenarioOf(row)))
  const start = blankProfile(name, dataSet, fitInterruptions(simple.map(tailOf)))
  const observations = [
    ...medians.filter((row) => !stalls(row)).map((row) => latencyObservation(row, scenarioOf(row))),
    ...rows.flatMap(probeObservation),
  ]
  const rough = fitProfile(start, observations)
  const spread = fitSpread(
    withValues(start, rough.values),
    simple.map((row) => {
      const sketch = LatencySketch.decode(row.sketch!)
      return { scenario: scenarioOf(row).scenario, p10: sketch.quantile(0.1), p50: sketch.quantile(0.5) }
    }),
  )
  const noisy = { ...withValues(start, rough.values), burstSigma: spread }
  const fit = fitProfile(noisy, observations)
  return {
    profile: { ...withValues(noisy, fit.values), covariance: fit.covariance, fitRows: observations.map(({ rowId }) => rowId).sort() },
    residuals: fit.residuals,
  }
}

function blankProfile(name: string, dataSet: DataSet, interruptions: Profile['interruptions']): Profile {
  const environment = JSON.parse(dataSet.rows.find((row) => row.environment !== null)?.environment ?? '{}') as Record<string, unknown>
  const kernel = String(environment['kernel'] ?? 'unknown')
  const blank: Profile = {
    schema: 'fairway/profile/1',
    name,
    machine: `${environment['coresOnline'] ?? 2}-core ${environment['hypervisor'] ? 'VM' : 'machine'}, ${environment['processor'] ?? 'unknown processor'}, Linux ${kernel.split('.').slice(0, 2).join('.')}`,
    dataSet: dataSet.plan.name,
    fitRows: [],
    kernel: { release: kernel, hz: Number(environment['hz'] ?? 250), baseSliceNs: BASE_SLICE_NS },
    coefficients: [],
    covariance: [],
    burstSigma: 0.03,
    interruptions,
    validation: null,
  }
  return blank
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
    label: `${row.experiment} ${canonicalJson(point.values)}`,
    valueNs: row.value,
    deviationNs: (row.halfWidth ?? 0) / HALF_WIDTH_IN_DEVIATIONS,
    scenario: point.scenario,
  }
}

/** A probe's row names, in its point, what it charges: `{"charges":{"socket.send.perCallNs":1,...}}`. */
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

function tailOf(row: Row): Tail {
  const sketch = LatencySketch.decode(row.sketch!)
  const medianNs = sketch.quantile(0.5)
  return {
    roundTripNs: 2 * medianNs,
    messages: sketch.count,
    beyond(excessNs) {
      let count = 0
      for (const bucket of sketch.buckets()) if (bucket.lowNs > medianNs + excessNs / 2) count += bucket.count
      return count
    },
  }
}
