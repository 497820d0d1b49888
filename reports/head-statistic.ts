/** The statistic that a report answers with. */
import { isMessageTime } from '../experiments/rows.js'
import type { Cell } from './cells.js'

/** Medians, as everywhere; where a quota halts one message in thousands for the rest of its period, no median knows, and means answer. */
export function headStatistic({ cells }: { readonly cells: readonly Cell[] }): 'p50' | 'mean' {
  const halts = ({ metric, simulated, measured }: Cell): boolean =>
    isMessageTime(metric) && [simulated, measured].some((row) => /^quota of/.test(row?.limits ?? ''))
  return cells.some(halts) ? 'mean' : 'p50'
}
