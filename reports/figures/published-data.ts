import { counterparts, type PublishedEnvironment } from '../../experiments/published.js'
import type { Row, Source } from '../../experiments/rows.js'
import type { Cell } from '../cells.js'
import { compareCells } from '../findings.js'
import { estimate } from '../format/estimate.js'
import type { Report } from '../report.js'
import type { Mark, ShownModels } from './estimate-mark.js'
import { headPlace, headPoints } from './head-points.js'

export interface PublishedMark extends Mark {
  /** Half of the interval; null where none is stated. */
  readonly half: number | null
  /** Which ratio: `bridge / shared`. */
  readonly ratio: string
  /** Who says so: `ours, simulated`, or a study's short name. */
  readonly who: string
}

export interface PublishedData extends ShownModels {
  readonly title: string
  /** Panels top to bottom, each with its lines top to bottom: ours first. */
  readonly ratios: readonly string[]
  readonly marks: readonly PublishedMark[]
  /** How the studies' set-ups differ from ours, once each. */
  readonly differences: readonly string[]
  readonly place: string
}

/** Published ratios between two paths beside the same ratio of ours; null where no published row stands beside ours. */
export function publishedData(report: Report, flow: string): PublishedData | null {
  const rows = report.rows.filter((row) => row.source === 'published' && row.level === 'point')
  const marks: PublishedMark[] = []
  const differences: string[] = []
  for (const row of rows) {
    const environment = JSON.parse(row.environment ?? '{}') as PublishedEnvironment
    const base = rows.find((one) => isBase(one, row, environment))
    const transport = (JSON.parse(row.point) as { transport?: 'tcp' | 'udp' }).transport
    const ours = counterparts(report.experiment, { transport, workload: environment.workload, base: environment.base }, row.model)
    if (!base || base === row || !ours) continue
    const ratio = `${ours.other} / ${ours.base}`
    if (!marks.some((mark) => mark.ratio === ratio)) {
      const own = ownMarks(report, flow, ours, row)
      if (own.length === 0) continue
      marks.push(...own.map((mark) => ({ ...mark, ratio })))
    }
    const said = ratioMark(ours.other, 'published', row, base)
    const full = `${ours.other}, ${row.campaign}, ${environment.what}: ${said.description}`
    marks.push({ ...said, description: full, ratio, who: environment.short })
    for (const difference of environment.differences) {
      const named = `${row.campaign}: ${difference}`
      if (!differences.includes(named)) differences.push(named)
    }
  }
  if (marks.length === 0) return null
  const { models } = report.experiment
  const place = headPlace(report, flow)
  return {
    title: `Do others see the same ratios${place === '' ? '' : ` as ours at ${place}`}?`,
    palette: models,
    models: models.filter((model) => marks.some((mark) => mark.model === model)),
    ratios: [...new Set(marks.map((mark) => mark.ratio))],
    marks,
    differences,
    place,
  }
}

function isBase(one: Row, row: Row, { base, what }: PublishedEnvironment): boolean {
  const same = one.campaign === row.campaign && one.metric === row.metric && one.statistic === row.statistic && one.model === base
  return same && (JSON.parse(one.environment ?? '{}') as PublishedEnvironment).what === what
}

/** Ours at the first points, from the prediction and from the measurement. */
function ownMarks(
  report: Report,
  flow: string,
  ours: { readonly base: string; readonly other: string },
  row: Row,
): Omit<PublishedMark, 'ratio'>[] {
  const heads = headPoints(report)
  const cell = (model: string): Cell | undefined =>
    report.cells.find(
      (one) => one.flow === flow && one.point === heads.get(model) && one.metric === row.metric && one.statistic === ownStatistic(row),
    )
  const base = cell(ours.base)
  const other = cell(ours.other)
  if (!base || !other) return []
  return (['simulated', 'measured'] as const).flatMap((source) => {
    if (!base[source] || !other[source]) return []
    const who = `ours, ${source}`
    const paired = source === 'simulated' ? compareCells(report, base, other) : null
    if (!paired) return [{ ...ratioMark(ours.other, source, other[source], base[source]), who }]
    return [{ ...markOf(ours.other, source, paired.ratio.value, paired.ratio.halfWidth, who), who }]
  })
}

/** Studies report means where runs were long; our median says the same of an idle path and is steadier. */
const ownStatistic = ({ metric, statistic }: Row): string => (metric === 'latency' && statistic === 'mean' ? 'p50' : statistic)

type RatioMark = Mark & Pick<PublishedMark, 'half'>

function ratioMark(model: string, source: Source, row: Row, base: Row): RatioMark {
  const ratio = row.value / base.value
  const half =
    row.halfWidth === null || base.halfWidth === null ? null : ratio * Math.hypot(row.halfWidth / row.value, base.halfWidth / base.value)
  return markOf(model, source, ratio, half, source === 'published' ? null : `ours, ${source}`)
}

function markOf(model: string, source: Source, ratio: number, half: number | null, who: string | null): RatioMark {
  return {
    model,
    source,
    value: ratio,
    half,
    low: ratio - (half ?? 0),
    high: ratio + (half ?? 0),
    description: who === null ? `${estimate(ratio, half)} times` : `${model}, ${who}: ${estimate(ratio, half)} times`,
  }
}
