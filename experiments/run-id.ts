/**
 * Content addresses of what is simulated. FORMATS hashes (point, flow, metric, statistic, seed, replication, profileHash, modelHash);
 * a point names only the swept keys, so the whole scenario and the count of messages are hashed with it: the same point of two files,
 * or of one file before and after an edit, never shares an id. Uses no Node API.
 */
import { profileHash } from '../models/index.js'
import type { Profile } from '../models/profiles/profile.js'
import { hashText } from '../sim/hash.js'
import { canonicalJson, canonicalMembers, canonicalObject } from './canonical-json.js'
import type { Experiment, Point } from './experiment.js'

/** What a set of replications shares: change any of it and everything runs anew. */
export interface RunIdentity {
  readonly seed: number
  readonly messages: number
  readonly warmUpMessages: number
  readonly profileHash: string
  readonly modelHash: string
}

/** Messages left out at the start of a replication, as a share of those that count: the connection's slow start and cold windows. */
const warmUpShare = 0.03

export function runIdentity(experiment: Experiment, profile: Profile, model: string): RunIdentity {
  const messages = experiment.stop.messages
  return {
    seed: experiment.seed,
    messages,
    warmUpMessages: Math.ceil(messages * warmUpShare),
    profileHash: profileHash(profile),
    modelHash: model,
  }
}

/** Address of one replication of one point. */
export function replicationId(point: Point, replication: number, run: RunIdentity): string {
  return hashText(canonicalJson({ kind: 'replication', point: point.id, scenario: point.scenario, replication, ...run }))
}

/** What tells the rows of a point apart; `replication` is null for the aggregate over the first `runs` replications. */
export interface SimulatedRowAddress {
  readonly flow: string
  readonly metric: string
  readonly statistic: string
  readonly replication: number | null
  readonly runs: number
}

/** The ids of a point's rows: its scenario, which is most of what is hashed, is written once for all of them. */
export function simulatedRowIds(point: Point, run: RunIdentity): (row: SimulatedRowAddress) => string {
  const shared = canonicalMembers({ kind: 'row', point: point.id, scenario: point.scenario, ...run })
  return (row) => hashText(canonicalObject({ ...shared, ...canonicalMembers({ ...row }) }))
}
