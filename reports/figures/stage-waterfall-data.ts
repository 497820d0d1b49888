import type { Pair } from '../../experiments/comparison.js'
import type { Evidence } from '../../models/topology/explanation.js'
import { type Cell, mainRow } from '../cells.js'
import { estimate, fixed, significant } from '../format/estimate.js'
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
  const compared = [...heads.keys()].flatMap((model) => {
    const cell = latency(model)
    if (model === report.baseline || !cell?.simulated) return []
    const differences = stagesAgainst(report, base, cell)
    return differences.size === 0 ? [] : [{ cell, differences }]
  })
  const decimals = decimalsFor(compared.map(({ cell }) => differenceUs(base, cell)))
  const panels = compared.map(
    ({ cell, differences }): WaterfallPanel => ({
      model: cell.model,
      steps: stepsOf(base, cell, differences, { pair: pairOf(report, base.model, cell), decimals }),
    }),
  )
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

const latencyUs = (cell: Cell): number => mainRow(cell).value / displayUnit('latency').perUnit

const differenceUs = (base: Cell, cell: Cell): number => Math.abs(latencyUs(cell) - latencyUs(base))

interface StepOptions {
  /** The runner's comparison of the two, where there is one. */
  readonly pair: Pair | undefined
  readonly decimals: number
}

function stepsOf(base: Cell, cell: Cell, differences: StageCosts, { pair, decimals }: StepOptions): WaterfallStep[] {
  const { perUnit } = displayUnit('latency')
  const start = latencyUs(base)
  const end = latencyUs(cell)
  const whole = differenceUs(base, cell)
  const all = [...differences].map(([stage, cost]) => ({ stage, ...cost }))
  const kept = all
    .filter(({ us }) => Math.abs(us) >= whole * WORTH_A_STEP)
    .sort((a, b) => Math.abs(b.us) - Math.abs(a.us))
    .slice(0, MOST_STEPS)
  const others = all.filter((one) => !kept.includes(one))
  const waiting = end - start - all.reduce((sum, { us }) => sum + us, 0)
  const rest = others.reduce((sum, { us }) => sum + us, 0)
  const halves = others.map(({ halfUs }) => halfUs)
  const restHalf = halves.includes(null) ? null : Math.hypot(...(halves as number[]))
  const waitingHalf = pair?.attribution ? pair.attribution.restHalfWidthNs / perUnit : null
  const parts: Part[] = [
    ...kept.map(({ stage, us, halfUs, evidence }): Part => ({ step: stage, kind: 'stage', us, half: halfUs, evidence })),
    ...(isPrinted(rest, decimals) ? [{ step: REST, kind: 'stage', us: rest, half: restHalf, evidence: 'traced' } as const] : []),
    ...(isPrinted(waiting, decimals)
      ? [{ step: WAITING, kind: 'waiting', us: waiting, half: waitingHalf, evidence: 'traced' } as const]
      : []),
  ]
  const { model } = cell
  let at = start
  return [
    wholeStep(model, base.model, start, null, decimals),
    ...parts.map(({ step, kind, us, half, evidence }): WaterfallStep => {
      const from = at
      at += us
      const sign = us >= 0 ? '+' : ''
      const description = `${model}, ${step}: ${sign}${estimate(us, half)} µs`
      return { model, step, kind, from, to: at, half, evidence, label: `${sign}${fixed(us, decimals)}`, description }
    }),
    wholeStep(model, model, end, pair ? pair.halfWidth / perUnit : null, decimals),
  ]
}

interface Part extends Pick<WaterfallStep, 'step' | 'kind' | 'half' | 'evidence'> {
  readonly us: number
}

/** One for the whole figure, whose labels a reader adds up and compares: tenths of a microsecond, finer where a whole difference is less than one, coarser for what a timer makes. */
function decimalsFor(differencesUs: readonly number[]): number {
  if (Math.max(...differencesUs) >= 1000) return 0
  return Math.min(...differencesUs) < 1 ? 2 : 1
}

/** Whether a part is more than the rounding of the labels. */
const isPrinted = (us: number, decimals: number): boolean => Math.abs(us) >= 0.5 * 10 ** -decimals

/** @param half of the interval of the difference from the baseline */
function wholeStep(model: string, step: string, us: number, half: number | null, decimals: number): WaterfallStep {
  const label = fixed(us, decimals)
  const known = half === null ? '' : `, the whole difference known to ± ${significant(half, 2)} µs`
  return { model, step, kind: 'whole', from: us, to: us, half, evidence: 'traced', label, description: `${step}: ${label} µs${known}` }
}
