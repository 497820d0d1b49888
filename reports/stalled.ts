import type { Cell } from '../cells.js'

/** Latency, ns, that only a timer makes: a hundred times a path's own cost. */
const STALL_NS = 1e6

/** Whether a timer decides this latency, in the prediction or in the measurement. */
export function isStalled({ simulated, measured }: Cell): boolean {
  return /timer/.test(simulated?.limits ?? '') || (measured !== null && measured.value > STALL_NS)
}
