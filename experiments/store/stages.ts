/** Where the time of a simulated point goes: one record per (point, flow, stage), which rows of statistics can't hold. */
import { readFileSync } from 'node:fs'
import type { Evidence } from '../../models/topology/explanation.js'
import { atomicWrite } from './atomic-write.js'
import type { Column } from './columns.js'
import { readTable, writeTable } from './table-csv.js'

export interface StageRow {
  /** As in the row: JSON of the swept values, keys sorted. */
  readonly point: string
  readonly flow: string
  readonly model: string
  readonly stage: string
  /** Processor time per message, a request with its reply, over all cores, ns: mean over the replications. */
  readonly costNs: number
  /** Total 95 % half-width of `costNs`, ns; null where it wasn't estimated. */
  readonly halfWidthNs: number | null
  /** The weakest evidence of all places where the flow crosses this stage. */
  readonly evidence: Evidence
}

const columns: readonly Column<keyof StageRow>[] = [
  { name: 'point', type: 'text', nullable: false },
  { name: 'flow', type: 'text', nullable: false },
  { name: 'model', type: 'text', nullable: false },
  { name: 'stage', type: 'text', nullable: false },
  { name: 'costNs', type: 'real', nullable: false },
  { name: 'halfWidthNs', type: 'real', nullable: true },
  { name: 'evidence', type: 'text', nullable: false, words: ['traced', 'counted', 'unobservable'] },
]

/** Stages keep the order given (points in sweep order, stages as they are crossed). */
export function stagesToCsv(stages: readonly StageRow[]): string {
  return writeTable(
    columns,
    stages.map((stage) => ({ ...stage })),
  )
}

export function stagesFromCsv(text: string): StageRow[] {
  return readTable(columns, text) as unknown as StageRow[]
}

export function writeStagesCsv(path: string, stages: readonly StageRow[]): void {
  atomicWrite(path, stagesToCsv(stages))
}

export function readStagesCsv(path: string): StageRow[] {
  return stagesFromCsv(readFileSync(path, 'utf8'))
}
