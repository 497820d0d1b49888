import type { Pair } from '../../experiments/comparison.js'
import type { Evidence } from '../../models/topology/explanation.js'
import { type Cell, mainRow } from '../cells.js'
import { decimalsOf, estimate, fixed, significant } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import { pairOf } from '../pair-of.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'
import { type StageCosts, stagesAgainst } from './stage-breakdown-data.js'

export interface WaterfallStep {
  readonly model: string
  /** A stage, the rest of them, or what no stage explains; the first and the last are the models themselves. */
  readonly step: string
  readonly kind: 'whole' | 'stage' | 'waiting'
  readonly from: number
  readonly to: number
  /** Half of the 95 % interval of what the step adds, and at the last line of the whole difference; null where it is unknown. */
  readonly half: number | null
  readonly evidence: Evidence
  /** `+1.3`, or the whole latency of a model. */
  readonly label: string
  readonly description: string
}

export interface WaterfallPanel {
  readonly model: string
  /** Top to bottom: from the baseline's latency to the model's. */
  readonly steps: readonly WaterfallStep[]
}

export interface StageWaterfallData extends ShownModels {
  readonly title: string
  readonly baseline: string
  readonly panels: readonly WaterfallPanel[]
  readonly place: string
}

/** A stage below this share of the whole difference joins the others. */
const WORTH_A_STEP = 0.04
const MOST_STEPS = 8
const REST = 'other stages'
const WAITING = 'waiting, overlap'

/**
 * From the baseline's mean latency to each model's, stage by stage; null where the latencies or the stages are missing. Stages are processor
 * time; what they leave of the difference is time in which nobody works (a timer, a wire), less what two cores do at once.
 */
export function stageWaterfallData(report: Report, flow: string): StageWaterfallData | null {
  const heads = headPoints(report)
  const latency = (model: string): Cell | undefined =>
    report.cells.find(
      (cell) => cell.flow === flow && cell.point === heads.get(model) && cell.metric === 'latency' && cell.statistic === 'mean',
    )
  const base = latency(report.baseline)
  if (!base?.simulated) return null
  const panels = [...heads.keys()].flatMap((model): WaterfallPanel[] => {
    const cell = latency(model)
    if (model === report.baseline || !cell?.simulated) return []
    const differences = stagesAgainst(report, base, cell)
    return differences.size === 0 ? [] : [{ model, steps: stepsOf(base, cell, differences, pairOf(report, base.model, cell)) }]
  })
  if (panels.length === 0) return null
  const place = headPlace(report, flow)
  const { models } = report.experiment
  return {
    title: `Where does the difference from ${report.baseline} come from${place === '' ? '' : ` at ${place}`}?`,
    palette: models,
    models: models.filter((model) => panels.some((panel) => panel.model === model)),
    baseline: report.baseline,
    panels,
    place,
  }
}

function stepsOf(base: Cell, cell: Cell, differences: StageCosts, pair: Pair | undefined): WaterfallStep[] {
  const { perUnit } = displayUnit('latency')
  const start = mainRow(base).value / perUnit
  const end = mainRow(cell).value / perUnit
  const whole = Math.abs(end - start)
  const all = [...differences].map(([stage, cost]) => ({ stage, ...cost }))
  const kept = all
    .filter(({ us }) => Math.abs(us) >= whole * WORTH_A_STEP)
    .sort((a, b) => Math.abs(b.us) - Math.abs(a.us))
    .slice(0, MOST_STEPS)
  const others = all.filter((one) => !kept.includes(one))
  const waiting = end - start - all.reduce((sum, { us }) => sum + us, 0)
  const { model } = cell
  const steps: WaterfallStep[] = [wholeStep(model, base.model, start, null)]
  let at = start
  const add = (step: string, kind: WaterfallStep['kind'], us: number, half: number | null, evidence: Evidence): void => {
    const description = `${model}, ${step}: ${us >= 0 ? '+' : ''}${estimate(us, half)} µs`
    steps.push({ model, step, kind, from: at, to: at + us, half, evidence, label: signed(us, half), description })
    at += us
  }
  for (const { stage, us, halfUs, evidence } of kept) add(stage, 'stage', us, halfUs, evidence)
  const rest = others.reduce((sum, { us }) => sum + us, 0)
  const halves = others.map(({ halfUs }) => halfUs)
  if (Math.abs(rest) >= whole / 100) add(REST, 'stage', rest, halves.includes(null) ? null : Math.hypot(...(halves as number[])), 'traced')
  const known = pair?.attribution ? pair.attribution.restHalfWidthNs / perUnit : null
  if (Math.abs(waiting) >= whole / 100) add(WAITING, 'waiting', waiting, known, 'traced')
  return [...steps, wholeStep(model, model, end, pair ? pair.halfWidth / perUnit : null)]
}

/** @param half of the interval of the difference from the baseline */
function wholeStep(model: string, step: string, us: number, half: number | null): WaterfallStep {
  const label = fixed(us, us < 100 ? 1 : 0)
  const known = half === null ? '' : `, the whole difference known to ± ${significant(half, 2)} µs`
  return { model, step, kind: 'whole', from: us, to: us, half, evidence: 'traced', label, description: `${step}: ${label} µs${known}` }
}

/** `+1.3`: as fine as its interval allows, and never finer than 10 ns. */
function signed(us: number, half: number | null): string {
  const finest = Math.abs(us) < 100 ? 2 : 0
  return `${us >= 0 ? '+' : ''}${fixed(us, half === null || half === 0 ? finest : Math.min(finest, Math.max(0, decimalsOf(half))))}`
}
