/** Latencies that a timer decides: a delayed acknowledgement that somebody waits for. */
import type { Row } from '../experiments/rows.js'
import type { Cell } from './cells.js'

/** Latency, ns, that only a timer makes: a tenth of the least delayed acknowledgement, and far above what any path takes. */
export const STALL_NS = 4e6

export function isStalledRow(row: Row | null): boolean {
  return row !== null && (/timer/.test(row.limits ?? '') || (row.metric === 'latency' && row.value > STALL_NS))
}

/** Whether a timer decides this latency, in the prediction or in the measurement. */
export function isStalled({ simulated, measured }: Cell): boolean {
  return isStalledRow(simulated) || isStalledRow(measured)
}
