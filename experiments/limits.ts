/** What limits each point of an experiment: the resource that binds, with its utilisation, and the next one; from a short simulation. */
import { type Profile, simulateReplication } from '../models/index.js'
import type { Experiment } from './experiment.js'

export interface PointLimit {
  readonly point: string
  readonly model: string
  readonly flow: string
  /** In words, the one that binds first: `core m1/1 (81 % busy), then core m1/0 (40 % busy)`; null where nothing does but one message at a time. */
  readonly limits: string | null
  /** Share of the simulated time in which each core worked. */
  readonly coreUtilization: Readonly<Record<string, number>>
  /** Messages answered per second of simulated time, warm-up included. */
  readonly perSecond: number
}

/** As many as show a quota's periods and a queue's growth, and no more: nobody takes an interval from it. */
const MESSAGES = 20_000
const WARM_UP = 600

/** @throws what `simulateReplication` throws */
export function limitsOf(experiment: Experiment, profile: Profile): PointLimit[] {
  const messages = Math.min(experiment.stop.messages, MESSAGES)
  return experiment.points.flatMap(({ id, model, scenario }) => {
    const options = { seed: experiment.seed, replication: 0, messages, warmUpMessages: WARM_UP }
    const { flows, coreUtilization, durationNs } = simulateReplication(scenario, profile, options)
    return flows.map(({ flow, limits }) => ({
      point: id,
      model,
      flow,
      limits,
      coreUtilization,
      perSecond: (messages + WARM_UP) / (durationNs / 1e9),
    }))
  })
}
