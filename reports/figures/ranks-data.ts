import { isMessageTime } from '../../experiments/rows.js'
import { axisLabel, axisOf, panelOf, placeOf } from '../axes.js'
import { type Cell, mainRow } from '../cells.js'
import { headStatistic } from '../head-statistic.js'
import type { Report } from '../report.js'
import type { ShownModels } from './estimate-mark.js'

export interface RankMark {
  readonly model: string
  /** The value of the swept number; empty where none is swept. */
  readonly at: string
  /** The other swept keys in words; empty where there are none. */
  readonly panel: string
  /** 1 is the fastest. */
  readonly rank: number
  /** Ranks that the uncertainty leaves open. */
  readonly best: number
  readonly worst: number
  readonly description: string
}

export interface RanksData extends ShownModels {
  readonly title: string
  /** Left to right. */
  readonly places: readonly string[]
  /** Top to bottom. */
  readonly panels: readonly string[]
  readonly axisTitle: string
  readonly marks: readonly RankMark[]
  readonly statistic: string
}

/** How models rank by latency at each point; null below two models. */
export function ranksData(report: Report, flow: string, statistic: string = headStatistic(report)): RanksData | null {
  const { experiment } = report
  const axis = axisOf(experiment, flow)
  const cells = report.cells.filter((cell) => cell.flow === flow && isMessageTime(cell.metric) && cell.statistic === statistic)
  const place = (cell: Cell): string => placeOf(experiment, flow, cell.values)
  const marks = [...new Set(cells.map(place))].flatMap((one) => {
    const own = cells.filter((cell) => place(cell) === one)
    const { values } = own[0]!
    const at = axis ? axisLabel(axis, values[axis.key] as number) : ''
    return ranksOf(own).map((mark): RankMark => ({ ...mark, at, panel: panelOf(experiment, axis, values) }))
  })
  const models = experiment.models.filter((model) => marks.some((mark) => mark.model === model))
  if (models.length < 2) return null
  return {
    title: 'Which network model is fastest, and how surely?',
    palette: experiment.models,
    models,
    places: axis ? axis.values.map((value) => axisLabel(axis, value)) : [''],
    panels: [...new Set(marks.map(({ panel }) => panel))],
    axisTitle: axis ? axis.title : '',
    marks,
    statistic,
  }
}

/**
 * A model's rank is surely no better than one more than the models that are shown to be faster, and no worse than the models that are not shown
 * to be slower. Two differ where their difference exceeds both half-widths in quadrature; that takes them as independent, which errs towards
 * open ranks.
 */
function ranksOf(cells: readonly Cell[]): Omit<RankMark, 'at' | 'panel'>[] {
  const sorted = [...cells].sort((a, b) => mainRow(a).value - mainRow(b).value)
  const isFaster = (a: Cell, b: Cell): boolean => {
    const [x, y] = [mainRow(a), mainRow(b)]
    return y.value - x.value > Math.hypot(x.halfWidth ?? 0, y.halfWidth ?? 0)
  }
  return sorted.map((cell, i) => {
    const best = 1 + sorted.filter((other) => isFaster(other, cell)).length
    const worst = sorted.length - sorted.filter((other) => isFaster(cell, other)).length
    const open = best === worst ? '' : `, ${best} to ${worst} within the intervals`
    return { model: cell.model, rank: i + 1, best, worst, description: `${cell.model}: rank ${i + 1}${open}` }
  })
}
