import type { StageRow } from '../../experiments/store/index.js'
import type { Evidence } from '../../models/topology/explanation.js'
import { placeOf } from '../axes.js'
import { estimate } from '../format/estimate.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'

export interface StageBar {
  readonly model: string
  readonly stage: string
  readonly us: number
  readonly low: number
  readonly high: number
  readonly evidence: Evidence
  readonly description: string
}

export interface StageBreakdownData extends ShownModels {
  readonly title: string
  /** Top to bottom. */
  readonly stages: readonly string[]
  readonly bars: readonly StageBar[]
  /** What the bars' length is, with its unit. */
  readonly quantity: string
  readonly place: string
}

/** What one stage costs a message in one model, us per direction: half of what a request with its reply costs. */
export interface StageCostUs {
  readonly us: number
  readonly halfUs: number | null
  readonly evidence: Evidence
}

/** Stage costs of one model at one point, by stage, in the order in which they are crossed. */
export type StageCosts = ReadonlyMap<string, StageCostUs>

const NS_PER_US = 1000
const REST = 'other stages'

/** The first point of each model (first value of every other swept key), which is what first screens speak about. */
export function headPoints(report: Report): ReadonlyMap<string, string> {
  const points = new Map<string, string>()
  for (const point of report.experiment.points) if (!points.has(point.model)) points.set(point.model, point.id)
  return points
}

export function stageCosts(stages: readonly StageRow[], point: string, flow: string): StageCosts {
  const costs = new Map<string, StageCostUs>()
  for (const row of stages) {
    if (row.point !== point || row.flow !== flow) continue
    const halfUs = row.halfWidthNs === null ? null : row.halfWidthNs / 2 / NS_PER_US
    costs.set(row.stage, { us: row.costNs / 2 / NS_PER_US, halfUs, evidence: row.evidence })
  }
  return costs
}

/** `costs` minus `base`, stage by stage; a stage that only one of them crosses counts as 0 in the other. Half-widths add in quadrature. */
export function stageDifferences(costs: StageCosts, base: StageCosts): StageCosts {
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

/** Absolute costs of every model; null where no stages were kept. */
export function stageBreakdownData(report: Report, flow: string, most = 16): StageBreakdownData | null {
  const costs = headCosts(report, flow)
  if (costs.size === 0) return null
  const place = headPlace(report, flow)
  return {
    title: `Where does the time go${place === '' ? '' : ` at ${place}`}?`,
    palette: report.experiment.models,
    ...bars(costs, most, pathOrder),
    quantity: 'processor time, one way (µs)',
    place,
  }
}

/** The same as differences from the baseline, largest first; null where the baseline or everything else is missing. */
export function stageDifferenceData(report: Report, flow: string, most = 10): StageBreakdownData | null {
  const costs = headCosts(report, flow)
  const base = costs.get(report.baseline)
  if (!base || costs.size < 2) return null
  const differences = new Map(
    [...costs].filter(([model]) => model !== report.baseline).map(([model, own]) => [model, stageDifferences(own, base)]),
  )
  const place = headPlace(report, flow)
  const drawn = bars(differences, most, largestFirst)
  if (drawn.bars.length === 0) return null
  return {
    title: `What does each model add to ${report.baseline}${place === '' ? '' : ` at ${place}`}?`,
    palette: report.experiment.models,
    ...drawn,
    quantity: 'processor time, one way (µs)',
    place,
  }
}

function headCosts(report: Report, flow: string): Map<string, StageCosts> {
  const costs = new Map<string, StageCosts>()
  for (const [model, point] of headPoints(report)) {
    const own = stageCosts(report.stages, point, flow)
    if (own.size > 0) costs.set(model, own)
  }
  return costs
}

export function headPlace(report: Report, flow: string): string {
  const point = report.experiment.points[0]
  return point ? placeOf(report.experiment, flow, point.values) : ''
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

function bars(costs: ReadonlyMap<string, StageCosts>, most: number, order: Order): Pick<StageBreakdownData, 'models' | 'stages' | 'bars'> {
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
      if (cost && Math.abs(cost.us) > total / 1000) found.push(bar(model, stage, cost))
    }
    const rest = [...own].filter(([stage]) => !kept.has(stage)).map(([, cost]) => cost)
    const us = rest.reduce((sum, cost) => sum + cost.us, 0)
    if (Math.abs(us) > total / 200) {
      hasRest = true
      const halves = rest.map((cost) => cost.halfUs)
      found.push(bar(model, REST, { us, halfUs: halves.includes(null) ? null : Math.hypot(...(halves as number[])), evidence: 'traced' }))
    }
  }
  return { models: [...costs.keys()], stages: hasRest ? [...stages, REST] : stages, bars: found }
}

function bar(model: string, stage: string, { us, halfUs, evidence }: StageCostUs): StageBar {
  const unseen = evidence === 'unobservable' ? ' (no tracepoint sees this stage)' : ''
  return {
    model,
    stage,
    us,
    low: us - (halfUs ?? 0),
    high: us + (halfUs ?? 0),
    evidence,
    description: `${model}, ${stage}: ${estimate(us, halfUs)} µs${unseen}`,
  }
}
