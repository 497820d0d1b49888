/** The columns of a row file, in FORMATS' order, with what a CSV field or a Parquet column holds. */
import type { Metric, Row } from '../rows.js'

export type ColumnType = 'text' | 'integer' | 'real'

export interface Column<Name extends string = keyof Row> {
  readonly name: Name
  readonly type: ColumnType
  readonly nullable: boolean
  /** The only words that the column may hold. */
  readonly words?: readonly string[]
}

const text = { type: 'text', nullable: false } as const
const textOrNull = { type: 'text', nullable: true } as const
const integer = { type: 'integer', nullable: false } as const
const integerOrNull = { type: 'integer', nullable: true } as const

/** A record, so that the compiler finds a metric that is missing here. */
const metrics: Readonly<Record<Metric, true>> = {
  latency: true,
  'response-time': true,
  throughput: true,
  rate: true,
  'cpu-per-message': true,
  'start-up': true,
  'call-duration': true,
}

/** A record, so that the compiler finds a column of `Row` that is missing here; its order is the files' order. */
const columnOf: { readonly [Name in keyof Row]: Omit<Column, 'name'> } = {
  rowId: text,
  level: { ...text, words: ['run', 'point'] },
  experiment: text,
  point: text,
  flow: text,
  model: text,
  source: { ...text, words: ['simulated', 'measured', 'published'] },
  role: { ...text, words: ['fit', 'held-out', 'none'] },
  metric: { ...text, words: Object.keys(metrics) },
  statistic: text,
  unit: text,
  value: { type: 'real', nullable: false },
  halfWidth: { type: 'real', nullable: true },
  halfWidthKind: { ...textOrNull, words: ['total', 'chance', 'repeats'] },
  confidence: { type: 'real', nullable: true },
  messages: integer,
  runs: integer,
  seed: integerOrNull,
  replication: integerOrNull,
  profileHash: textOrNull,
  modelHash: textOrNull,
  campaign: textOrNull,
  block: integerOrNull,
  repeat: integerOrNull,
  sketch: textOrNull,
  proof: textOrNull,
  limits: textOrNull,
  trust: textOrNull,
  environment: textOrNull,
}

export const rowColumns: readonly Column[] = (Object.keys(columnOf) as (keyof Row)[]).map((name) => ({ name, ...columnOf[name] }))
