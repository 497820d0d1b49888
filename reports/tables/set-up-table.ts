/** Where the time of a connection goes, step by step: a line for each point and source. */
import { medianOfStep, type Row } from '../../experiments/rows.js'
import { CONNECTION_STEPS } from '../../models/workloads/connect.js'
import { placeOf } from '../axes.js'
import type { Cell } from '../cells.js'
import { DIGITS_BESIDE_ERROR } from '../format/estimate.js'
import { displayUnit } from '../format/units.js'
import type { Report } from '../report.js'
import { intervalWords } from '../sentences.js'
import { type EstimateCell, estimates, type Table, type TableCell, text } from './table.js'

const METRIC = 'response-time'
const WHOLE = 'p50'

/** Null where no connections are opened. */
export function setUpTable(report: Report, flow: string): Table | null {
  const unit = displayUnit(METRIC)
  const statistics = [...CONNECTION_STEPS.map(medianOfStep), WHOLE]
  const cells = report.cells.filter((cell) => cell.flow === flow && cell.metric === METRIC)
  if (!cells.some(({ statistic }) => statistic === medianOfStep('connect'))) return null
  const byPoint = new Map<string, Cell[]>()
  for (const cell of cells) byPoint.set(cell.point, [...(byPoint.get(cell.point) ?? []), cell])
  const estimate = (row: Row | null | undefined): EstimateCell | null =>
    row
      ? {
          value: row.value / unit.perUnit,
          halfWidth: row.halfWidth === null ? null : row.halfWidth / unit.perUnit,
          leastDigits: DIGITS_BESIDE_ERROR,
          from: [row.rowId],
        }
      : null
  return {
    name: report.flows.length > 1 ? `set-up-${flow}` : 'set-up',
    title: `Steps of a connection, medians, in ${unit.name}.`,
    columns: [
      text('network model'),
      text('point'),
      text('source'),
      ...CONNECTION_STEPS.map((step) => estimates(step)),
      estimates('all of it'),
    ],
    rows: [...byPoint.values()].flatMap((own) =>
      (['simulated', 'measured'] as const).flatMap((source): TableCell[][] => {
        const values = statistics.map((statistic) => estimate(own.find((cell) => cell.statistic === statistic)?.[source]))
        const [first] = own
        if (values.every((value) => value === null)) return []
        return [[first!.model, placeOf(report.experiment, flow, first!.values), source, ...values]]
      }),
    ),
    notes: [
      `socket: socket() and its options. connect: the handshake. negotiate: with each SOCKS5 proxy, from the first request to the last answer. exchange: the request and its reply. close: until the other end's FIN has come and close() has returned. A step's median is its own: they need not add up. Simulated: ${intervalWords(report)}.`,
    ],
  }
}
