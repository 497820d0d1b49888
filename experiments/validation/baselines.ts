/**
 * Is the simulation needed? Predictions made from the same fitted rows without it: the nearest measured path, and a linear sum per element
 * and byte. Both see only points of the same workload and transport, on one core or not as the predicted one is, with the same acknowledgement rule:
 * a baseline that had to bridge those would be beaten too easily.
 */
import { Matrix, solve } from 'ml-matrix'
import type { Flow, Profile, Scenario } from '../../models/index.js'
import { type Evidence, measuredPoints } from './evidence.js'
import { elementsOf, isOnOneCore, pointInWords, processesOf } from './path.js'

/** A point that the fit saw, with the value of one statistic. */
export interface FittedPoint {
  readonly name: string
  readonly scenario: Scenario
  readonly flow: Flow
  readonly valueNs: number
}

export interface Baseline {
  readonly predictedNs: number
  /** What it was made from, in words. */
  readonly from: string
}

/** Latencies above this are a timer's, not a path's: no baseline is made from them, as no cost is fitted to them. */
const STALL_NS = 4e6

/** The points whose p50 the profile was fitted to, with the given statistic's value. */
export function fittedPoints(known: readonly Evidence[], profile: Profile, statistic: string): FittedPoint[] {
  const ids = new Set(profile.fitRows)
  const seen = new Set<string>()
  return known.flatMap((evidence) => {
    const points = measuredPoints(evidence)
    const fitted = new Set(points.flatMap(({ row }) => (ids.has(row.rowId) ? [place(row)] : [])))
    return points.flatMap(({ row, scenario, flow }) => {
      if (row.statistic !== statistic || !fitted.has(place(row)) || row.value > STALL_NS || seen.has(row.rowId)) return []
      seen.add(row.rowId)
      return [{ name: pointInWords(scenario, flow), scenario, flow, valueNs: row.value }]
    })
  })
}

const place = (row: { readonly experiment: string; readonly point: string; readonly flow: string; readonly campaign: string | null }) =>
  JSON.stringify([row.campaign, row.experiment, row.point, row.flow])

/**
 * The nearest fitted point. Distance: path elements that one has and the other lacks (a chain of three bridges is one bridge and one veth
 * pair away from a chain of two), plus processes whose scheduling policy differs, plus the sizes' ratio in powers of two. Of equally near
 * ones the first in the order of the data set.
 */
export function nearest(scenario: Scenario, flow: Flow, fitted: readonly FittedPoint[]): Baseline | null {
  let best: { readonly point: FittedPoint; readonly distance: number } | null = null
  for (const point of comparable(scenario, flow, fitted)) {
    const distance = distanceBetween(scenario, flow, point)
    if (best === null || distance < best.distance) best = { point, distance }
  }
  return best === null ? null : { predictedNs: best.point.valueNs, from: best.point.name }
}

export function distanceBetween(scenario: Scenario, flow: Flow, other: FittedPoint): number {
  const [a, b] = [elementsOf(scenario, flow), elementsOf(other.scenario, other.flow)]
  const names = new Set([...Object.keys(a), ...Object.keys(b)])
  const elements = [...names].reduce((sum, name) => sum + Math.abs((a[name] ?? 0) - (b[name] ?? 0)), 0)
  const batch = (of: Scenario, through: Flow) => processesOf(of, through).filter(({ policy }) => policy === 'batch').length
  const policies = Math.abs(batch(scenario, flow) - batch(other.scenario, other.flow))
  return elements + policies + Math.abs(Math.log2(flow.workload.messageBytes / other.flow.workload.messageBytes))
}

/** A linear sum: constant + elements crossed x their cost + bytes x cost. */
export interface LinearSum {
  readonly elements: readonly string[]
  /** Constant, cost per KiB of the message, cost of each element; ns. */
  readonly coefficients: readonly number[]
  readonly points: number
}

/** Ordinary least squares (the shortest solution where the points leave a direction open); null without points. */
export function fitLinearSum(fitted: readonly FittedPoint[]): LinearSum | null {
  if (fitted.length === 0) return null
  const counts = fitted.map(({ scenario, flow }) => elementsOf(scenario, flow))
  const elements = [...new Set(counts.flatMap((one) => Object.keys(one)))].sort()
  const design = new Matrix(fitted.map(({ flow }, i) => designRow(flow, counts[i]!, elements)))
  const values = Matrix.columnVector(fitted.map(({ valueNs }) => valueNs))
  return { elements, coefficients: solve(design, values, true).to1DArray(), points: fitted.length }
}

/** An element that no fitted path has adds nothing: the sum knows no better. */
export function linear(scenario: Scenario, flow: Flow, fitted: readonly FittedPoint[]): Baseline | null {
  const sum = fitLinearSum(comparable(scenario, flow, fitted))
  if (sum === null) return null
  const row = designRow(flow, elementsOf(scenario, flow), sum.elements)
  return {
    predictedNs: row.reduce((total, count, i) => total + count * sum.coefficients[i]!, 0),
    from: `least squares over ${sum.points} fitted points`,
  }
}

function designRow(flow: Flow, counts: Readonly<Record<string, number>>, elements: readonly string[]): number[] {
  return [1, flow.workload.messageBytes / 1024, ...elements.map((name) => counts[name] ?? 0)]
}

function comparable(scenario: Scenario, flow: Flow, fitted: readonly FittedPoint[]): FittedPoint[] {
  return fitted.filter(
    (point) =>
      point.flow.workload.kind === flow.workload.kind &&
      point.flow.transport === flow.transport &&
      isOnOneCore(point.scenario, point.flow) === isOnOneCore(scenario, flow) &&
      point.scenario.tcp.quickAck === scenario.tcp.quickAck,
  )
}
