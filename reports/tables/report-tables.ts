/** The tables of a report. */
import { isMessageTime, type Metric } from '../../experiments/rows.js'
import { placeOf } from '../axes.js'
import { type Cell, mainRow, relativeError, withoutModel } from '../cells.js'
import { headPlace } from '../figures/head-points.js'
import { publishedData } from '../figures/published-data.js'
import { headPlaces, messageWord, paidFor, type StageCostUs, stageCosts, stagesAgainst } from '../figures/stage-breakdown-data.js'
import { type CellComparison, compareCells } from '../findings.js'
import { DIGITS_BESIDE_ERROR, percent } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import { publishedVerdicts } from '../published-verdict.js'
import type { Report } from '../report.js'
import { profileScope, trafficScope } from '../scope.js'
import { intervalWords } from '../sentences.js'
import { shownAfterHolm } from '../shown.js'
import { heldOutErrors, isThroughput } from '../trust.js'
import { setUpTable } from './set-up-table.js'
import { type EstimateCell, estimates, number, type Table, type TableCell, text } from './table.js'

const STATISTICS = ['p50', 'p99', 'mean']

export function reportTables(report: Report): Table[] {
  const isAside = (metric: Metric): boolean => metric === 'cpu-per-message'
  const found = [...new Set(report.cells.map((cell) => cell.metric))]
  const metrics = [...found.filter((metric) => !isAside(metric)), ...found.filter(isAside)]
  return [
    ...metrics.flatMap((metric) => STATISTICS.flatMap((statistic) => pointTable(report, metric, statistic) ?? [])),
    ...report.flows.flatMap((flow) => setUpTable(report, flow) ?? []),
    ...report.flows.flatMap((flow) => stageTable(report, flow) ?? []),
    ...report.flows.flatMap((flow) => publishedTable(report, flow) ?? []),
    ...(errorTable(report) ?? []),
  ]
}

function scopeNote(report: Report): string {
  return `${[trafficScope(report.experiment), ...(report.profile ? [profileScope(report.profile)] : [])].join('; ')}.`
}

function metricTitle(report: Report, metric: Metric): string {
  if (metric === 'cpu-per-message') return `Processor time of a ${messageWord(report).replace(/s$/, '')}`
  const words = metric.replaceAll('-', ' ')
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}`
}

/** Every point with what was predicted and measured, and how it differs from the baseline; null where no cell has this statistic. */
function pointTable(report: Report, metric: Metric, statistic: string): Table | null {
  const cells = report.cells.filter((cell) => cell.metric === metric && cell.statistic === statistic)
  if (cells.length === 0) return null
  const unit = displayUnit(metric)
  const bases = new Map(cells.filter((cell) => cell.model === report.baseline).map((cell) => [withoutModel(cell), cell]))
  const value = (row: Cell['simulated']): EstimateCell | null =>
    row && {
      value: row.value / unit.perUnit,
      halfWidth: row.halfWidth === null ? null : row.halfWidth / unit.perUnit,
      leastDigits: DIGITS_BESIDE_ERROR,
      from: [row.rowId],
    }
  const manyFlows = report.flows.length > 1
  const against = new Map(
    cells.flatMap((cell) => {
      const base = bases.get(withoutModel(cell))
      const found = base && base !== cell ? compareCells(report, base, cell) : null
      return found ? [[cell, found] as const] : []
    }),
  )
  const shown = shownCells(against)
  return {
    name: `${metric}-${statistic}`,
    title: `${metricTitle(report, metric)}${metric === 'throughput' ? '' : `, ${statistic}`}, in ${unit.name}.`,
    columns: [
      text('network model'),
      ...(manyFlows ? [text('flow')] : []),
      text('point'),
      estimates(`simulated (${unit.name})`),
      estimates(`measured (${unit.name})`),
      number('runs'),
      number('error'),
      text('role'),
      estimates(`minus ${report.baseline} (${unit.name})`),
      estimates(`times ${report.baseline}`),
    ],
    rows: cells.map((cell): TableCell[] => {
      const base = bases.get(withoutModel(cell))
      const error = relativeError(cell)
      const from = base ? [mainRow(cell).rowId, mainRow(base).rowId] : []
      const difference = against.get(cell)
      return [
        cell.model,
        ...(manyFlows ? [cell.flow] : []),
        placeOf(report.experiment, cell.flow, cell.values),
        value(cell.simulated),
        value(cell.measured),
        cell.measured ? String(cell.measured.runs) : null,
        error === null ? null : percent(error, { signed: true }),
        cell.fitted ? 'fitted' : cell.heldOut ? 'held out' : null,
        difference ? { ...difference.difference, marked: shown.has(cell), from } : null,
        difference ? { ...difference.ratio, from } : null,
      ]
    }),
    notes: [
      `Simulated: ${intervalWords(report)}. Measured: ${metric === 'throughput' ? 'upper quartile of what the runs carried' : "lower quartile of the runs' statistics"}, with how far it repeats. * The difference is shown at 95 %, after Holm's correction for all models of a point. Agreement of fitted points is no evidence.`,
      scopeNote(report),
    ],
  }
}

/** Cells whose difference from the baseline is shown: by the paired test, else by their intervals, corrected over the models of a point. */
function shownCells(against: ReadonlyMap<Cell, CellComparison>): Set<Cell> {
  const places = new Map<string, Cell[]>()
  for (const cell of against.keys()) places.set(withoutModel(cell), [...(places.get(withoutModel(cell)) ?? []), cell])
  const shown = new Set<Cell>()
  for (const cells of places.values()) {
    const byInterval = shownAfterHolm(cells.map((cell) => against.get(cell)!.difference))
    cells.forEach((cell, i) => {
      if (against.get(cell)!.isShown ?? byInterval[i]) shown.add(cell)
    })
  }
  return shown
}

/** What each model's stages cost beyond the baseline's, at the first point. */
function stageTable(report: Report, flow: string): Table | null {
  const places = headPlaces(report, flow)
  const basePlace = places.get(report.baseline)
  if (basePlace === undefined) return null
  const base = stageCosts(report, basePlace.point, flow)
  if (base.size === 0) return null
  const others = [...places.values()].filter((place) => place !== basePlace)
  const differences = others.map((place) => stagesAgainst(report, basePlace, place))
  const stages = [...new Set([...base.keys(), ...differences.flatMap((own) => [...own.keys()])])]
  const shown = differences.map((one) => {
    const all = [...one.entries()]
    const marks = shownAfterHolm(all.map(([, { us, halfUs }]) => ({ value: us, halfWidth: halfUs })))
    return new Set(all.filter((_, i) => marks[i]).map(([stage]) => stage))
  })
  const records = (point: string, stage: string): string[] => {
    const at = report.stages.findIndex((row) => row.point === point && row.flow === flow && row.stage === stage)
    return at < 0 ? [] : [`stage ${at + 1}`]
  }
  const place = headPlace(report, flow)
  const { quantity, way, share, unit } = paidFor(report, flow)
  const usPerUnit = unit.perUnit / displayUnit('latency').perUnit
  const scaled = ({ us, halfUs }: StageCostUs) => ({ value: us / usPerUnit, halfWidth: halfUs === null ? null : halfUs / usPerUnit })
  return {
    name: report.flows.length > 1 ? `stage-differences-${flow}` : 'stage-differences',
    title: `${quantity.charAt(0).toUpperCase()}${quantity.slice(1)} by stage${place === '' ? '' : ` at ${place}`}${way}, in ${unit.name}.`,
    columns: [
      text('stage'),
      text('evidence'),
      estimates(report.baseline),
      ...others.map(({ model }) => estimates(`${model} minus ${report.baseline}`)),
    ],
    rows: stages.map((stage): TableCell[] => {
      const own = base.get(stage)
      const evidence = (own ?? differences.find((one) => one.has(stage))?.get(stage))?.evidence ?? null
      return [
        stage,
        evidence,
        own ? { ...scaled(own), from: records(basePlace.point, stage) } : null,
        ...differences.map((one, i): TableCell => {
          const cost = one.get(stage)
          if (!cost) return null
          const marked = shown[i]!.has(stage)
          return {
            ...scaled(cost),
            marked,
            from: [...records(others[i]!.point, stage), ...records(basePlace.point, stage)],
          }
        }),
      ]
    }),
    notes: [
      `${share}, over all cores. * The difference is shown at 95 %, after Holm's correction for all stages of a model.`,
      scopeNote(report),
    ],
  }
}

/** Of the table that holds a flow's published ratios. */
export function publishedName({ flows }: Report, flow: string): string {
  return flows.length > 1 ? `published-${flow}` : 'published'
}

/** Published ratios beside ours, with what was measured in full. */
function publishedTable(report: Report, flow: string): Table | null {
  const data = publishedData(report, flow)
  if (!data) return null
  return {
    name: publishedName(report, flow),
    title: data.title,
    columns: [text('ratio'), text('source'), estimates('times')],
    rows: data.ratios.flatMap((ratio) =>
      data.marks
        .filter((mark) => mark.ratio === ratio)
        .map((mark): TableCell[] => [ratio, mark.who, { value: mark.value, halfWidth: mark.half }]),
    ),
    notes: [
      ...publishedVerdicts(data),
      ...(data.marks.some(({ half }) => half === null) ? ['Without an interval: none is stated there.'] : []),
      ...data.differences.map((difference) => `${difference}.`),
      scopeNote(report),
    ],
  }
}

/** Held-out errors of each statistic, over all models and model by model. */
function errorTable(report: Report): Table[] | null {
  const groups = [null, ...report.experiment.models]
  const kinds = [
    ...STATISTICS.map((statistic) => ({ name: statistic, statistic, isMetric: isMessageTime })),
    { name: 'throughput', statistic: 'mean', isMetric: isThroughput },
  ]
  const rows = kinds.flatMap(({ name, statistic, isMetric }) =>
    groups.flatMap((model): TableCell[][] => {
      const cells = model === null ? report.cells : report.cells.filter((cell) => cell.model === model)
      const errors = heldOutErrors(report.experiment, cells, statistic, isMetric)
      if (!errors) return []
      const share = (value: number | null): string | null => (value === null ? null : percent(value))
      return [
        [
          name,
          model ?? 'all',
          String(errors.points),
          percent(errors.medianError),
          percent(errors.worstError),
          errors.worstPoint,
          share(errors.repeatability),
          share(errors.coverage),
          share(errors.medianHalfWidth),
        ],
      ]
    }),
  )
  if (rows.length === 0) return null
  return [
    {
      name: 'validation',
      title: 'Errors of held-out predictions.',
      columns: [
        text('statistic'),
        text('network model'),
        number('points'),
        number('median error'),
        number('worst error'),
        text('worst point'),
        number('repeatability'),
        number('coverage'),
        number('half-width'),
      ],
      rows,
      notes: [
        "Absolute relative errors over points that the fit never saw. Repeatability: median half-width of the same measurements. Coverage: share of points whose interval, widened by the measurement's own, holds the measured value. Half-width: median, relative, of the predictions.",
        scopeNote(report),
      ],
    },
  ]
}
