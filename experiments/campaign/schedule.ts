/**
 * The order of a campaign: blocks, each of which holds every set-up once, in an order drawn anew for each block, so that whatever drifts
 * on the machine is spread over all points. Points that differ by their message sizes alone share a set-up.
 */
import type { Workload } from '../../models/topology/scenario.js'
import { createStream, hashText, type RandomStream } from '../../sim/index.js'
import { canonicalJson } from '../canonical-json.js'
import type { PlannedPoint } from './plan.js'

export interface SetUp {
  readonly points: readonly PlannedPoint[]
}

/** Addresses the schedule's draws among all others of a seed. */
const SCHEDULE = 0x5c4ed

/** Points grouped by set-up, in the order of the plan. */
export function setUpsOf(points: readonly PlannedPoint[]): SetUp[] {
  const groups = new Map<string, PlannedPoint[]>()
  for (const planned of points) {
    const key = setUpKey(planned)
    groups.set(key, [...(groups.get(key) ?? []), planned])
  }
  return [...groups.values()].map((grouped) => ({ points: grouped }))
}

/** What points share that differ by their message sizes and loads alone. */
function setUpKey({ point }: PlannedPoint): string {
  const flows = Object.fromEntries(
    Object.entries(point.scenario.flows).map(([name, flow]) => [
      name,
      { ...flow, workload: { ...flow.workload, messageBytes: null, ...anyLoad(flow.workload) } },
    ]),
  )
  return hashText(canonicalJson({ ...point.scenario, flows })).slice(0, 16)
}

function anyLoad({ kind }: Workload): { readonly ratePerSecond?: null; readonly atOnce?: null; readonly readBytes?: null } {
  if (kind === 'start') return { atOnce: null }
  if (kind === 'stream') return { readBytes: null }
  return kind === 'open-loop' ? { ratePerSecond: null } : {}
}

/** The set-ups of one block and the points of each, both in random order; the same seed and block give the same order. */
export function orderOfBlock(setUps: readonly SetUp[], seed: number, block: number): SetUp[] {
  const stream = createStream(seed, block, SCHEDULE)
  return shuffled(setUps, stream).map((setUp) => ({ ...setUp, points: shuffled(setUp.points, stream) }))
}

/** Fisher and Yates's shuffle. */
function shuffled<T>(values: readonly T[], stream: RandomStream): T[] {
  const result = [...values]
  for (let i = result.length - 1; i > 0; i--) {
    const j = Math.floor(stream.uniform() * (i + 1))
    ;[result[i], result[j]] = [result[j]!, result[i]!]
  }
  return result
}
