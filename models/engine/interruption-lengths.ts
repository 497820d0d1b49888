/** Lengths of interruptions as a table of quantiles: drawing an index is drawing from them. */
import { exp, log } from '../../sim/index.js'
import type { LongerThan } from '../profiles/profile.js'

/** Entries of a table; a power of two, so that an index is a mask. */
export const LENGTH_ENTRIES = 4096

const tables = new WeakMap<readonly LongerThan[], Float64Array>()

/**
 * @param lengths what a profile says of them: between two lengths the share that is longer falls as a power law, none is longer than the last
 * @returns lengths that rise, ns; kept for the next replication, not to be written to
 */
export function interruptionLengths(lengths: readonly LongerThan[]): Float64Array {
  const known = tables.get(lengths)
  if (known !== undefined) return known
  const table = Float64Array.from({ length: LENGTH_ENTRIES }, (_, i) => lengthNs(lengths, 1 - (i + 0.5) / LENGTH_ENTRIES))
  tables.set(lengths, table)
  return table
}

/** The length that this share of the interruptions is longer than, ns. */
function lengthNs(lengths: readonly LongerThan[], share: number): number {
  const next = lengths.findIndex((each) => each.share <= share)
  if (next < 0) return lengths[lengths.length - 1]!.ns
  if (next === 0) return lengths[0]!.ns
  const [below, above] = [lengths[next - 1]!, lengths[next]!]
  return below.ns * exp((log(above.ns / below.ns) * log(share / below.share)) / log(above.share / below.share))
}
