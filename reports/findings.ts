/** What the rows say at the head of a report: one line per network model, from which the answer is written. */
import type { Pair } from '../experiments/comparison.js'
import { isMessageTime, type Source } from '../experiments/rows.js'
import { atOf, axisOf, panelOf, panelsOf } from './axes.js'
import { type Cell, mainRow, withoutModel } from './cells.js'
import { headPointsIn } from './figures/head-points.js'
import { latencyLoadData } from './figures/latency-load-data.js'
import { type StageCosts, stageCosts, stagesAgainst } from './figures/stage-breakdown-data.js'
import { displayUnit } from './format/units.js'
import { headStatistic } from './head-statistic.js'
import { pairOf } from './pair-of.js'
import { pointPairOf } from './point-pairs.js'
import type { Report } from './report.js'
import { isStalled, isStalledRow } from './stalled.js'

/** A number with its 95 % half-width, in µs (of a comparison of cells in the metric's display unit) or as a ratio; the half-width is null where no interval is known. */
export interface Figure {
  readonly value: number
  readonly halfWidth: number | null
}

export interface ModelFinding {
  readonly model: string
  readonly cell: Cell
  readonly value: Figure
  /** Against the baseline at the same point; null for the baseline itself and where it has no row. */
  readonly difference: Figure | null
  readonly ratio: Figure | null
  /** Stages that make the model take more than the baseline (or less, where it takes less), largest first; empty where none is sure to. */
  readonly stages: readonly AddedStage[]
  /** What makes the difference from the baseline where no stage does: `a timer`, `the quota`; null where stages do. */
  readonly waits: string | null
}

export interface AddedStage {
  readonly stage: string
  /** One way; negative where the model saves it. */
  readonly us: number
  readonly halfUs: number | null
}

/** Points of one model where messages wait for a timer. */
export interface Stall {
  readonly model: string
  /** `1400 B`, in sweep order: of the prediction, and where nothing was simulated of the measurement. */
  readonly places: readonly string[]
  /** Where only the measurement waits for a timer, and where only the prediction does. */
  readonly measuredOnly: readonly string[]
  readonly simulatedOnly: readonly string[]
  /** The model's points in all. */
  readonly of: number
  /** Latency there, ns: least and most. */
  readonly leastNs: number
  readonly mostNs: number
  /** Which way messages waited as measured, as the counters say: `request and reply`; empty where nothing tells. */
  readonly directions: readonly string[]
}

/** What one byte more costs, where it begins another segment or fragment. */
export interface Step {
  readonly model: string
  /** The last size below: `1448 B`. */
  readonly beyond: string
  readonly difference: Figure
}

/** Models that wait for no timer, at the points where another one does: what they do otherwise cures the stall. */
export interface Cure {
  readonly models: readonly string[]
  /** The model that stalls there: the baseline, where it does. */
  readonly stalling: string
  /** Their latency at those points, ns: least and most. */
  readonly leastNs: number
  readonly mostNs: number
}

/** Beyond which load response time turns up; null where it does not within the loads that are swept. */
export interface Loads {
  readonly models: readonly {
    readonly model: string
    /** As predicted, and where nothing was predicted as measured: `200 k/s`. */
    readonly knee: string | null
    /** Where the measurement turns up elsewhere. */
    readonly measured?: string | null
  }[]
  readonly most: string
}

export interface Findings {
  readonly flow: string
  /** `64 B`; empty where no number is swept. */
  readonly at: string
  /** `transport udp`: the values of what else is swept; empty where nothing is. */
  readonly panel: string
  /** Both of them. */
  readonly place: string
  readonly statistic: string
  readonly models: readonly ModelFinding[]
  /** Of a model that is compared with none: its largest stages. */
  readonly largest: readonly AddedStage[]
  /** What the baseline takes more than in the first panel; null in that one, and where nothing pairs them. */
  readonly across: { readonly panel: string; readonly difference: Figure } | null
  /** What the models take at the last value of the axis; null where there is but one. */
  readonly last: {
    readonly at: string
    readonly models: readonly { readonly model: string; readonly value: Figure; readonly cell: Cell }[]
  } | null
  /** Null where no load is swept. */
  readonly loads: Loads | null
  /** The largest step of each model at a size one apart from its neighbour. */
  readonly steps: readonly Step[]
  readonly stalls: readonly Stall[]
  /** Null where all models stall, or none. */
  readonly cure: Cure | null
}

/** Stages that change less than this share of the whole difference aren't worth a reader's time on the first screen. */
const WORTH_NAMING = 0.08

/** Where more values are swept beside the axis, an answer speaks of the first alone. */
const MOST_PANELS = 4

/** What the rows say of a flow, for each value of what is swept beside the axis: transports, engines. */
export function allFindings(report: Report, flow: string): Findings[] {
  const panels = panelsOf(report.experiment, flow)
  const spoken = panels.length > MOST_PANELS ? panels.slice(0, 1) : panels
  return spoken.flatMap((panel) => findingsOf(report, flow, { panel }) ?? [])
}

export interface FindingsOptions {
  readonly panel?: string
  readonly statistic?: string
}

/** Null where the flow has no latency at the first points of the panel, by default the first. */
export function findingsOf(report: Report, flow: string, options: FindingsOptions = {}): Findings | null {
  const { statistic = headStatistic(report), panel = panelsOf(report.experiment, flow)[0] ?? '' } = options
  const axis = axisOf(report.experiment, flow)
  const cells = report.cells.filter(
    (cell) =>
      cell.flow === flow &&
      isMessageTime(cell.metric) &&
      cell.statistic === statistic &&
      panelOf(report.experiment, axis, cell.values) === panel,
  )
  const heads = headPointsIn(report, flow, panel)
  const headCells = [...heads].flatMap(([, point]) => cells.find((cell) => cell.point === point) ?? [])
  if (headCells.length === 0) return null
  const base = headCells.find((cell) => cell.model === report.baseline) ?? null
  const at = atOf(report.experiment, flow, headCells[0]!.values)
  return {
    flow,
    at,
    panel,
    place: [at, panel].filter((part) => part !== '').join(', '),
    statistic,
    across: acrossOf(report, flow, base ?? headCells[0]!, panel),
    largest: headCells.length > 1 ? [] : largestStages(stageCosts(report, headCells[0]!.point, flow), 1),
    last: lastOf(report, cells, at),
    loads: loadsOf(report, flow),
    steps: stepsOf(report, cells),
    models: headCells.map((cell) => {
      const against = base && cell !== base ? compareCells(report, base, cell) : null
      const stages = base && cell !== base ? stagesAgainst(report, base, cell) : new Map()
      return {
        model: cell.model,
        cell,
        value: figureOf(cell),
        difference: against ? inUs(against.difference, cell.metric) : null,
        ratio: against?.ratio ?? null,
        stages: largestStages(stages, Math.sign(against?.difference.value ?? 1)),
        waits: base && against ? waitsFor(base, cell, inUs(against.difference, cell.metric), stages) : null,
      }
    }),
    stalls: stallsOf(report, cells),
    cure: cureOf(report, cells),
  }
}

function acrossOf(report: Report, flow: string, base: Cell, panel: string): Findings['across'] {
  const first = panelsOf(report.experiment, flow)[0] ?? ''
  const from = headPointsIn(report, flow, first).get(base.model)
  const pair = panel === first || from === undefined ? undefined : pointPairOf(report, from, base.point, flow, base.metric, base.statistic)
  return pair === undefined ? null : { panel: first, difference: differenceIn(pair) }
}

function lastOf(report: Report, cells: readonly Cell[], first: string): Findings['last'] {
  const axis = cells[0] ? axisOf(report.experiment, cells[0].flow) : null
  if (axis === null) return null
  const ends = cells.filter((cell) => cell.values[axis.key] === axis.values.at(-1))
  const at = ends[0] ? atOf(report.experiment, ends[0].flow, ends[0].values) : first
  return at === first ? null : { at, models: ends.map((cell) => ({ model: cell.model, value: figureOf(cell), cell })) }
}

function loadsOf(report: Report, flow: string): Loads | null {
  const data = latencyLoadData(report, flow)
  if (data === null || data.knees === null) return null
  const { knees } = data
  const models = data.models.map((model) => {
    const sources = new Set(data.marks.flatMap((mark) => (mark.model === model ? [mark.source] : [])))
    const own = knees.filter((knee) => knee.model === model)
    const placeOf = (source: Source): string | null => own.find((knee) => knee.source === source)?.place ?? null
    if (!sources.has('simulated')) return { model, knee: placeOf('measured') }
    const isAgreed = !sources.has('measured') || own.length === 0 || own.some(({ isMeasuredToo }) => isMeasuredToo)
    return { model, knee: placeOf('simulated'), ...(isAgreed ? {} : { measured: placeOf('measured') }) }
  })
  return { models, most: data.most }
}

/** Findings are in µs, whatever unit a table of the metric has. */
const { perUnit: NS_PER_US } = displayUnit('latency')

const differenceIn = ({ difference, halfWidth }: Pair): Figure => ({ value: difference / NS_PER_US, halfWidth: halfWidth / NS_PER_US })

function inUs({ value, halfWidth }: Figure, metric: Cell['metric']): Figure {
  const usPerUnit = displayUnit(metric).perUnit / NS_PER_US
  return { value: value * usPerUnit, halfWidth: halfWidth === null ? null : halfWidth * usPerUnit }
}

/** Steps below this share of the value are growth. */
const WORTH_A_STEP = 0.05

function stepsOf(report: Report, cells: readonly Cell[]): Step[] {
  return report.experiment.models.flatMap((model): Step[] => {
    const own = cells.filter((cell) => cell.model === model && cell.simulated && !isStalled(cell))
    const steps = own.flatMap((from) =>
      own.flatMap((to) => {
        const pair = pointPairOf(report, from.point, to.point, from.flow, from.metric, from.statistic)
        if (pair === undefined || pair.difference <= Math.max(pair.halfWidth, WORTH_A_STEP * from.simulated!.value)) return []
        return [{ model, beyond: atOf(report.experiment, from.flow, from.values), difference: differenceIn(pair) }]
      }),
    )
    const largest = steps.reduce<Step | null>(
      (most, one) => (most === null || one.difference.value > most.difference.value ? one : most),
      null,
    )
    return largest === null ? [] : [largest]
  })
}

function figureOf(cell: Cell): Figure {
  const { value, halfWidth } = mainRow(cell)
  return { value: value / NS_PER_US, halfWidth: halfWidth === null ? null : halfWidth / NS_PER_US }
}

export interface CellComparison {
  readonly difference: Figure
  readonly ratio: Figure
  /** Whether a difference is shown: by the test of paired replications after Holm's correction; null where nothing pairs them. */
  readonly isShown: boolean | null
}

/**
 * `cell` against `base`: the runner's paired difference where there is one. Else the rows' difference, whose half-widths add in quadrature;
 * common random numbers and shared coefficients make both move together, so that this is wider than it need be.
 */
export function compareCells(report: Report, base: Cell, cell: Cell): CellComparison | null {
  const { perUnit } = displayUnit(cell.metric)
  const pair = pairOf(report, base.model, cell)
  if (pair && cell.simulated) {
    return {
      difference: { value: pair.difference / perUnit, halfWidth: pair.halfWidth / perUnit },
      ratio: { value: pair.ratio, halfWidth: pair.ratioHalfWidth },
      isShown: pair.verdict !== 'no difference shown',
    }
  }
  const source = (['simulated', 'measured', 'published'] as const).find((name) => base[name] && cell[name])
  if (!source) return null
  const a = base[source]!
  const b = cell[source]!
  const known = a.halfWidth !== null && b.halfWidth !== null
  const ratio = b.value / a.value
  return {
    difference: { value: (b.value - a.value) / perUnit, halfWidth: known ? Math.hypot(a.halfWidth!, b.halfWidth!) / perUnit : null },
    ratio: { value: ratio, halfWidth: known ? ratio * Math.hypot(a.halfWidth! / a.value, b.halfWidth! / b.value) : null },
    isShown: null,
  }
}

/** Stages that account for less than this share of a difference do not explain it. */
const EXPLAINED_FROM = 0.5

function waitsFor(base: Cell, cell: Cell, { value }: Figure, stages: StageCosts): string | null {
  if (isStalled(cell) && !isStalled(base)) return 'a timer'
  const explained = [...stages.values()].reduce((sum, { us }) => sum + us, 0)
  const isHalted = /^quota of/.test(cell.simulated?.limits ?? '') && stages.size > 0
  return isHalted && explained * Math.sign(value) < EXPLAINED_FROM * Math.abs(value) ? 'the quota' : null
}

/** Of the stages that change in this direction, those that are worth a reader's time, and whose interval leaves no doubt that they change. */
function largestStages(differences: StageCosts, sign: number): AddedStage[] {
  const all = [...differences].map(([stage, { us, halfUs }]) => ({ stage, us, halfUs })).sort((a, b) => (b.us - a.us) * sign)
  const changed = all.reduce((sum, { us }) => sum + Math.max(0, us * sign), 0)
  return all.filter(({ us, halfUs }) => us * sign > (halfUs ?? 0) && us * sign >= changed * WORTH_NAMING)
}

function stallsOf(report: Report, cells: readonly Cell[]): Stall[] {
  return report.experiment.models.flatMap((model): Stall[] => {
    const own = cells.filter((cell) => cell.model === model)
    const stalled = own.filter((cell) => isStalledRow(mainRow(cell)))
    const compared = own.filter(({ simulated, measured }) => simulated && measured)
    const measuredOnly = compared.filter(({ simulated, measured }) => isStalledRow(measured) && !isStalledRow(simulated))
    const simulatedOnly = compared.filter(({ simulated, measured }) => isStalledRow(simulated) && !isStalledRow(measured))
    if (stalled.length + measuredOnly.length === 0) return []
    const values = (stalled.length > 0 ? stalled.map(mainRow) : measuredOnly.map(({ measured }) => measured!)).map(({ value }) => value)
    const placesOf = (some: readonly Cell[]): string[] => some.map((cell) => atOf(report.experiment, cell.flow, cell.values))
    return [
      {
        model,
        places: placesOf(stalled),
        measuredOnly: placesOf(measuredOnly),
        simulatedOnly: placesOf(simulatedOnly),
        of: own.length,
        leastNs: Math.min(...values),
        mostNs: Math.max(...values),
        directions: [...new Set(own.flatMap(({ measured }) => directionIn(measured?.limits ?? null)))],
      },
    ]
  })
}

/** `request and reply` in `delayed-acknowledgement timer (request and reply): 98 % of the messages wait for it`. */
function directionIn(limits: string | null): string[] {
  const named = /timer \(([^)]+)\)/.exec(limits ?? '')
  return named === null ? [] : [named[1]!]
}

function cureOf(report: Report, cells: readonly Cell[]): Cure | null {
  const { models } = report.experiment
  const stalls = new Set(cells.filter(isStalled).map(({ model }) => model))
  const stalling = stalls.has(report.baseline) ? report.baseline : models.find((model) => stalls.has(model))
  if (stalling === undefined) return null
  const places = new Set(cells.filter((cell) => cell.model === stalling && isStalled(cell)).map(withoutModel))
  const spared = cells.filter((cell) => !stalls.has(cell.model) && places.has(withoutModel(cell)))
  if (spared.length === 0) return null
  const values = spared.map((cell) => mainRow(cell).value)
  return {
    models: models.filter((model) => spared.some((cell) => cell.model === model)),
    stalling,
    leastNs: Math.min(...values),
    mostNs: Math.max(...values),
  }
}
