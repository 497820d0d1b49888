import type { Evidence } from '../../models/topology/explanation.js'
import type { Workload } from '../../models/topology/scenario.js'
import type { Cell } from '../cells.js'
import { estimate, percent } from '../format/estimate.js'
import { type DisplayUnit, displayUnit } from '../format/units.js'
import { pairOf } from '../pair-of.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface StageBar {
  readonly model: string
  readonly stage: string
  /** In the figure's unit, as its ends are. */
  readonly value: number
  readonly low: number
  readonly high: number
  readonly evidence: Evidence
  /** Of `value`, what is spent on the way there; null where no message was traced. */
  readonly there: number | null
  readonly description: string
}

export interface StageBreakdownData extends ShownModels {
  readonly title: string
  /** Top to bottom. */
  readonly stages: readonly string[]
  readonly bars: readonly StageBar[]
  /** What the bars' length is, with its unit. */
  readonly quantity: string
  /** The same as a caption begins. */
  readonly share: string
  /** Whether messages were traced, so that their ways there and back are told apart. */
  readonly isSplit: boolean
  readonly place: string
}

/** What one stage costs a message in one model, us: of a request with its reply half of what it costs, one way; else all of it. */
export interface StageCostUs {
  readonly us: number
  readonly halfUs: number | null
  readonly evidence: Evidence
}

/** Stage costs of one model at one point, by stage, in the order in which they are crossed. */
export type StageCosts = ReadonlyMap<string, StageCostUs>

const NS_PER_US = 1000
const REST = 'other stages'

/** What stages are paid for, in words. */
export interface PaidFor {
  /** How often a message's cost is paid for what is shown: twice for a request with its reply, of which one way is shown. */
  readonly ways: 1 | 2
  /** What the stages add up to: `processor time`, `, one way`. */
  readonly quantity: string
  readonly way: string
  /** The same as a caption and a note begin. */
  readonly share: string
  readonly unit: DisplayUnit
}

const microseconds = displayUnit('latency')

const PAID_FOR: Readonly<Record<'message' | Extract<Workload['kind'], 'start' | 'connect' | 'stream' | 'http'>, PaidFor>> = {
  message: { ways: 2, quantity: 'processor time', way: ', one way', share: "Half of each round trip's processor time", unit: microseconds },
  connect: { ways: 1, quantity: 'processor time', way: ', a connection', share: "Each connection's processor time", unit: microseconds },
  http: {
    ways: 1,
    quantity: 'processor time',
    way: ', a request',
    share: "Each request's processor time, its reply's included",
    unit: microseconds,
  },
  stream: { ways: 1, quantity: 'processor time', way: ', a write', share: "Each write's processor time, at both ends", unit: microseconds },
  start: { ways: 1, quantity: 'time of a start', way: '', share: "Each start's time", unit: displayUnit('start-up') },
}

/** What is paid for once is no way and back: a start, a connection, a write, a request of HTTP; of a message it is half of what it and its reply cost. */
export function paidFor({ experiment }: Pick<Report, 'experiment'>, flow: string): PaidFor {
  const kinds = experiment.points.map(({ scenario }) => scenario.flows[flow]?.workload.kind)
  const once = (['start', 'connect', 'stream', 'http'] as const).find((kind) => kinds.includes(kind))
  return PAID_FOR[once ?? 'message']
}

/** What a run counts: of streams writes, of one connection after the other connections. */
export function messageWord({ experiment }: Pick<Report, 'experiment'>): string {
  const kinds = new Set(experiment.points.flatMap(({ scenario }) => Object.values(scenario.flows).map(({ workload }) => workload.kind)))
  const words = { stream: 'writes', connect: 'connections', start: 'starts', http: 'requests' } as Readonly<Record<string, string>>
  return kinds.size === 1 ? (words[[...kinds][0]!] ?? 'messages') : 'messages'
}

/** What the bars add up to. */
function quantityOf(report: Report, flow: string): string {
  const { quantity, way, unit } = paidFor(report, flow)
  return `${quantity}${way} (${unit.name})`
}

export function stageCosts(report: Report, point: string, flow: string): StageCosts {
  const nsPerUs = NS_PER_US * paidFor(report, flow).ways
  const costs = new Map<string, StageCostUs>()
  for (const row of report.stages) {
    if (row.point !== point || row.flow !== flow) continue
    const halfUs = row.halfWidthNs === null ? null : row.halfWidthNs / nsPerUs
    costs.set(row.stage, { us: row.costNs / nsPerUs, halfUs, evidence: row.evidence })
  }
  return costs
}

/** `costs` minus `base`, stage by stage; a stage that only one of them crosses counts as 0 in the other. Half-widths add in quadrature. */
function stageDifferences(costs: StageCosts, base: StageCosts): StageCosts {
  const differences = new Map<string, StageCostUs>()
  for (const stage of new Set([...costs.keys(), ...base.keys()])) {
    const own = costs.get(stage)
    const other = base.get(stage)
    const halves = [own, other].flatMap((cost) => (cost ? [cost.halfUs] : []))
    differences.set(stage, {
      us: (own?.us ?? 0) - (other?.us ?? 0),
      halfUs: halves.includes(null) ? null : Math.hypot(...(halves as number[])),
      evidence: (own ?? other)!.evidence,
    })
  }
  return differences
}

/** Where a report speaks about stages: `cells` are such places. */
type Place = Pick<Cell, 'point' | 'model' | 'values' | 'flow'>

/**
 * What a place's stages cost beyond the baseline's, in the order in which they are crossed; empty where either kept none. Half-widths are those of
 * the runner's pairs, where chance and coefficients that both share cancel out.
 */
export function stagesAgainst(report: Report, base: Place, place: Place): StageCosts {
  const [own, other] = [stageCosts(report, place.point, place.flow), stageCosts(report, base.point, base.flow)]
  if (own.size === 0 || other.size === 0) return new Map()
  const differences = stageDifferences(own, other)
  const pair = (['latency', 'response-time', 'start-up', 'throughput'] as const)
    .map((metric) => pairOf(report, base.model, { ...place, metric, statistic: 'mean' }))
    .find((one) => one?.attribution)
  if (!pair) return differences
  const nsPerUs = NS_PER_US * paidFor(report, place.flow).ways
  const halves = new Map(pair.attribution!.stages.map(({ stage, costHalfWidthNs }) => [stage, costHalfWidthNs / nsPerUs]))
  return new Map([...differences].map(([stage, cost]) => [stage, { ...cost, halfUs: halves.get(stage) ?? 0 }]))
}

/** The first place of each network model, for one flow. */
export function headPlaces(report: Report, flow: string): ReadonlyMap<string, Place> {
  const { points } = report.experiment
  return new Map(
    [...headPoints(report)].map(([model, point]) => [model, { point, model, flow, values: points.find(({ id }) => id === point)!.values }]),
  )
}

/** Absolute costs of every model; null where no stages were kept. */
export function stageBreakdownData(report: Report, flow: string, most = 16): StageBreakdownData | null {
  const costs = headCosts(report, flow)
  if (costs.size === 0) return null
  const place = headPlace(report, flow)
  const split = bars(costs, most, pathOrder, paidFor(report, flow).unit, sharesThere(report, flow))
  return {
    title: `Where does the time go${place === '' ? '' : ` at ${place}`}?`,
    palette: report.experiment.models,
    ...split,
    quantity: quantityOf(report, flow),
    share: paidFor(report, flow).share,
    isSplit: split.bars.some(({ there }) => there !== null),
    place,
  }
}

/** The same as differences from the baseline, largest first; null where the baseline or everything else is missing. */
export function stageDifferenceData(report: Report, flow: string, most = 10): StageBreakdownData | null {
  const places = headPlaces(report, flow)
  const base = places.get(report.baseline)
  if (!base) return null
  const differences = new Map(
    [...places.values()].flatMap((place) => {
      const own = place === base ? new Map() : stagesAgainst(report, base, place)
      return own.size === 0 ? [] : [[place.model, own] as const]
    }),
  )
  if (differences.size === 0) return null
  const place = headPlace(report, flow)
  const drawn = bars(differences, most, largestFirst, paidFor(report, flow).unit)
  if (drawn.bars.length === 0) return null
  return {
    title: `What does each model add to ${report.baseline}${place === '' ? '' : ` at ${place}`}?`,
    palette: report.experiment.models,
    ...drawn,
    quantity: quantityOf(report, flow),
    share: paidFor(report, flow).share,
    isSplit: false,
    place,
  }
}

function headCosts(report: Report, flow: string): Map<string, StageCosts> {
  const costs = new Map<string, StageCosts>()
  for (const [model, point] of headPoints(report)) {
    const own = stageCosts(report, point, flow)
    if (own.size > 0) costs.set(model, own)
  }
  return costs
}

type Order = (costs: ReadonlyMap<string, StageCosts>) => string[]

/** Keeps every model's own order: a stage stands after those that precede it in the model that brings it. */
const pathOrder: Order = (costs) => {
  const order: string[] = []
  for (const own of costs.values()) {
    let after = -1
    for (const stage of own.keys()) {
      const at = order.indexOf(stage)
      if (at < 0) order.splice(++after, 0, stage)
      else after = Math.max(after, at)
    }
  }
  return order
}

const largestFirst: Order = (costs) => {
  const size = (stage: string): number => Math.max(...[...costs.values()].map((own) => Math.abs(own.get(stage)?.us ?? 0)))
  return pathOrder(costs).sort((a, b) => size(b) - size(a))
}

/** By model and stage, which share of the stage's time traced messages spend on their way there. */
type SharesThere = ReadonlyMap<string, ReadonlyMap<string, number>>

function sharesThere(report: Report, flow: string): SharesThere {
  const traces = (report.traces ?? []).filter((trace) => trace.flow === flow)
  return new Map(
    traces.map(({ model, shares }) => {
      const sum = (stage: string, direction?: 'there'): number =>
        shares.reduce((ns, one) => ns + (one.stage === stage && (direction ?? one.direction) === one.direction ? one.costNs : 0), 0)
      return [model, new Map([...new Set(shares.map(({ stage }) => stage))].map((stage) => [stage, sum(stage, 'there') / sum(stage)]))]
    }),
  )
}

function bars(
  costs: ReadonlyMap<string, StageCosts>,
  most: number,
  order: Order,
  unit: DisplayUnit,
  there: SharesThere = new Map(),
): Pick<StageBreakdownData, 'models' | 'stages' | 'bars'> {
  const all = order(costs)
  const total = Math.max(...[...costs.values()].map((own) => [...own.values()].reduce((sum, cost) => sum + Math.abs(cost.us), 0)))
  const bySize = largestFirst(costs).filter((stage) => [...costs.values()].some((own) => Math.abs(own.get(stage)?.us ?? 0) > total / 200))
  const kept = new Set(bySize.slice(0, most))
  const stages = all.filter((stage) => kept.has(stage))
  const found: StageBar[] = []
  let hasRest = false
  for (const [model, own] of costs) {
    for (const stage of stages) {
      const cost = own.get(stage)
      // A difference of nothing would be drawn as a speck that looks like something.
      if (cost && Math.abs(cost.us) > total / 1000) found.push(bar(model, stage, cost, unit, there.get(model)?.get(stage) ?? null))
    }
    const rest = [...own].filter(([stage]) => !kept.has(stage)).map(([, cost]) => cost)
    const us = rest.reduce((sum, cost) => sum + cost.us, 0)
    if (Math.abs(us) > total / 200) {
      hasRest = true
      const halves = rest.map((cost) => cost.halfUs)
      found.push(
        bar(
          model,
          REST,
          { us, halfUs: halves.includes(null) ? null : Math.hypot(...(halves as number[])), evidence: 'traced' },
          unit,
          null,
        ),
      )
    }
  }
  return { models: [...costs.keys()], stages: hasRest ? [...stages, REST] : stages, bars: found }
}

function bar(model: string, stage: string, cost: StageCostUs, unit: DisplayUnit, shareThere: number | null): StageBar {
  const { evidence } = cost
  const usPerUnit = unit.perUnit / NS_PER_US
  const value = cost.us / usPerUnit
  const half = cost.halfUs === null ? null : cost.halfUs / usPerUnit
  const split = shareThere === null ? '' : `, ${percent(shareThere, { decimals: 0 })} of it there`
  const unseen = evidence === 'unobservable' ? ' (no tracepoint sees this stage)' : ''
  return {
    model,
    stage,
    value,
    low: value - (half ?? 0),
    high: value + (half ?? 0),
    evidence,
    there: shareThere === null ? null : value * shareThere,
    description: `${model}, ${stage}: ${estimate(value, half)} ${unit.name}${split}${unseen}`,
  }
}
