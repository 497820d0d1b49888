import type { Evidence } from '../../models/topology/explanation.js'
import { type Cell, mainRow } from '../cells.js'
import { fixed } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'
import { type StageCosts, stageCosts, stageDifferences } from './stage-breakdown-data.js'

export interface WaterfallStep {
  readonly model: string
  /** A stage, the rest of them, or what no stage explains; the first and the last are the models themselves. */
  readonly step: string
  readonly kind: 'whole' | 'stage' | 'waiting'
  readonly from: number
  readonly to: number
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
  const baseStages = stageCosts(report.stages, base.point, flow)
  const panels = [...heads.keys()].flatMap((model): WaterfallPanel[] => {
    const cell = latency(model)
    if (model === report.baseline || !cell?.simulated) return []
    const own = stageCosts(report.stages, cell.point, flow)
    if (own.size === 0 || baseStages.size === 0) return []
    return [{ model, steps: stepsOf(report.baseline, base, cell, stageDifferences(own, baseStages)) }]
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

function stepsOf(baseline: string, base: Cell, cell: Cell, differences: StageCosts): WaterfallStep[] {
  const { perUnit } = displayUnit('latency')
  const start = mainRow(base).value / perUnit
  const end = mainRow(cell).value / perUnit
  const whole = Math.abs(end - start)
  const all = [...differences].map(([stage, { us, evidence }]) => ({ stage, us, evidence }))
  const kept = all
    .filter(({ us }) => Math.abs(us) >= whole * WORTH_A_STEP)
    .sort((a, b) => Math.abs(b.us) - Math.abs(a.us))
    .slice(0, MOST_STEPS)
  const rest = all.filter((one) => !kept.includes(one)).reduce((sum, { us }) => sum + us, 0)
  const waiting = end - start - all.reduce((sum, { us }) => sum + us, 0)
  const { model } = cell
  const steps: WaterfallStep[] = [wholeStep(model, baseline, start)]
  let at = start
  const add = (step: string, kind: WaterfallStep['kind'], us: number, evidence: Evidence): void => {
    const label = signed(us)
    steps.push({ model, step, kind, from: at, to: at + us, evidence, label, description: `${model}, ${step}: ${label} µs` })
    at += us
  }
  for (const { stage, us, evidence } of kept) add(stage, 'stage', us, evidence)
  if (Math.abs(rest) >= whole / 100) add(REST, 'stage', rest, 'traced')
  if (Math.abs(waiting) >= whole / 100) add(WAITING, 'waiting', waiting, 'traced')
  return [...steps, wholeStep(model, model, end)]
}

function wholeStep(model: string, step: string, us: number): WaterfallStep {
  const label = fixed(us, us < 100 ? 1 : 0)
  return { model, step, kind: 'whole', from: us, to: us, evidence: 'traced', label, description: `${step}: ${label} µs` }
}

const signed = (us: number): string => `${us >= 0 ? '+' : ''}${fixed(us, Math.abs(us) < 100 ? 2 : 0)}`
