import type { TraceContext } from '../../models/message-trace.js'
import { significant } from '../format/estimate.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace } from './head-points.js'

export interface ProcessorBar {
  readonly model: string
  /** `core 1`; with the machine where there are several. */
  readonly core: string
  readonly context: TraceContext
  readonly us: number
  readonly description: string
}

export interface ProcessorTotal {
  readonly model: string
  readonly core: string
  readonly us: number
  /** The interval of the model's whole processor time, where it runs on one core; null else. */
  readonly low: number | null
  readonly high: number | null
}

export interface ProcessorTimeData extends ShownModels {
  readonly title: string
  /** Bars of one model on one core, stacked by context. */
  readonly bars: readonly ProcessorBar[]
  readonly totals: readonly ProcessorTotal[]
  readonly cores: readonly string[]
  readonly contexts: readonly TraceContext[]
  readonly messages: number
  readonly place: string
}

const NS_PER_US = 1000

/**
 * Processor time of a message by core and context: each stage's simulated cost, split among the places where the traced messages spent it.
 * Null where no traces or no stages are known.
 */
export function processorTimeData(report: Report, flow: string): ProcessorTimeData | null {
  const traces = (report.traces ?? []).filter((trace) => trace.flow === flow)
  const machines = new Set(traces.flatMap((trace) => trace.shares.map(({ core }) => core.split('/')[0])))
  const name = (core: string): string => (machines.size > 1 ? core : `core ${core.split('/')[1]}`)
  const bars = new Map<string, ProcessorBar>()
  for (const { model, point, shares } of traces) {
    const costs = new Map(report.stages.filter((row) => row.point === point && row.flow === flow).map((row) => [row.stage, row.costNs]))
    const traced = new Map<string, number>()
    for (const { stage, costNs } of shares) traced.set(stage, (traced.get(stage) ?? 0) + costNs)
    for (const { stage, context, core, costNs } of shares) {
      const us = ((costs.get(stage) ?? 0) * costNs) / traced.get(stage)! / NS_PER_US
      const key = JSON.stringify([model, core, context])
      const sum = (bars.get(key)?.us ?? 0) + us
      const description = `${model}, ${name(core)}, ${context}: ${significant(sum, 3)} µs a message`
      bars.set(key, { model, core: name(core), context, us: sum, description })
    }
  }
  const found = [...bars.values()].filter(({ us }) => us > 0)
  if (found.length === 0) return null
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `Who pays for a message${place === '' ? '' : ` ${/^\d+ (B|KiB|MiB)\b/.test(place) ? 'of' : 'at'} ${place}`}?`,
    palette: models,
    models: models.filter((model) => found.some((bar) => bar.model === model)),
    bars: found,
    totals: totalsOf(report, flow, found),
    cores: [...new Set(found.map(({ core }) => core))].sort(),
    contexts: [...new Set(found.map(({ context }) => context))],
    messages: Math.max(...traces.map((trace) => trace.messages)),
    place,
  }
}

function totalsOf(report: Report, flow: string, bars: readonly ProcessorBar[]): ProcessorTotal[] {
  const sums = new Map<string, ProcessorTotal>()
  for (const { model, core, us } of bars) {
    const key = JSON.stringify([model, core])
    sums.set(key, { model, core, us: (sums.get(key)?.us ?? 0) + us, low: null, high: null })
  }
  const all = [...sums.values()]
  return all.map((total) => {
    const trace = report.traces!.find((one) => one.model === total.model && one.flow === flow)!
    const row = report.cells.find(
      (cell) => cell.point === trace.point && cell.flow === flow && cell.metric === 'cpu-per-message' && cell.statistic === 'mean',
    )?.simulated
    const isAlone = all.filter((other) => other.model === total.model).length === 1
    if (!isAlone || !row || row.halfWidth === null) return total
    return { ...total, low: total.us - row.halfWidth / NS_PER_US, high: total.us + row.halfWidth / NS_PER_US }
  })
}
