/**
 * The workload "start": one replication is as many rounds of containers that start at one moment (start-round.ts) as its count asks for. Each step
 * (start-steps.ts) costs what the profile says, times a draw of its spread; the stages of a start are its own steps, and what it has waited for.
 */
import { createStream, exp, normal, upperBound, utilizationLaw } from '../../sim/index.js'
import { coefficientValues } from '../engine/build.js'
import type { Profile } from '../profiles/profile.js'
import { requireLaws } from '../run-laws.js'
import type { FlowResult, ReplicationOptions, ReplicationResult, RunLaw } from '../simulation.js'
import { coefficientIndex } from '../stages/index.js'
import { coreWait, lockWait, timerExpire } from '../stages/start.js'
import { type Scenario, type Start, startOf } from '../topology/scenario.js'
import { startRound } from './start-round.js'
import { chargesOfStart, type StartCharge } from './start-steps.js'

/** Addresses the draws of the steps' spread among all others of a replication. */
const SPREAD = 0

/**
 * One replication: rounds of starts until as many as asked for are counted.
 * @throws RangeError where the profile lacks a step's coefficient
 */
export function simulateStarts(
  scenario: Scenario,
  profile: Profile,
  { seed, replication, messages }: ReplicationOptions,
): ReplicationResult {
  const flow = startOf(scenario)!
  const { atOnce } = flow.workload
  const charges = chargesOfStart(scenario)
  const costs = priceStart(charges, profile)
  const placed = coresOfStarts(scenario, flow.from, flow.workload)
  const stream = createStream(seed, replication, SPREAD)
  const rounds = Math.ceil(messages / atOnce)
  const latencyNs = new Float64Array(messages)
  const sum = { counted: 0, durationNs: 0, heldNs: 0, lockWaitNs: 0, startNs: 0, givenNs: 0, lockedNs: 0 }
  const busyNs = new Float64Array(placed.cores)
  const spunNs = new Float64Array(placed.cores)
  for (let round = 0; round < rounds; round++) {
    const outcome = startRound({
      cores: placed.cores,
      quantumNs: quantumOf(profile),
      steps: charges,
      starts: placed.of.map((core, start) => {
        // Only the first on a core finds it asleep.
        const wakes = placed.sleeps && placed.of.indexOf(core) === start
        // Whole nanoseconds: sums of them are exact, and a step ends when it is due.
        const takesNs = costs.map((ns, i) =>
          charges[i]!.law === timerExpire && !wakes ? 0 : Math.round(ns * exp(profile.burstSigma * normal(stream))),
        )
        takesNs.forEach((ns, i) => {
          if (!charges[i]!.isAway) sum.givenNs += ns
          if (charges[i]!.isLocked) sum.lockedNs += ns
        })
        return { core, takesNs }
      }),
    })
    for (const { endNs, lockWaitNs } of outcome.starts) {
      sum.startNs += endNs
      sum.lockWaitNs += lockWaitNs
      if (sum.counted < messages) latencyNs[sum.counted++] = endNs
    }
    sum.durationNs += Math.max(...outcome.starts.map(({ endNs }) => endNs))
    sum.heldNs += outcome.heldNs
    outcome.busyNs.forEach((ns, core) => {
      busyNs[core]! += ns
      spunNs[core]! += outcome.spunNs[core]!
    })
  }
  const started = rounds * atOnce
  const own = charges.map((charge, i) => ({ charge, costNs: costs[i]! * (charge.law === timerExpire ? placed.wakeups / atOnce : 1) }))
  const ownNs = own.reduce((total, { costNs }) => total + costNs, 0)
  const meanNs = sum.startNs / started
  const lockWaitNs = sum.lockWaitNs / started
  const machine = scenario.hosts[scenario.containers[flow.from]!.host]!.machine
  const utilization = Object.fromEntries(Array.from(busyNs, (ns, core): [string, number] => [`${machine}/${core}`, ns / sum.durationNs]))
  const result: FlowResult = {
    flow: flow.name,
    messages,
    metric: 'start-up',
    throughputBps: null,
    latencyNs,
    stages: [
      ...stagesOf(own),
      { stage: lockWait, costNs: lockWaitNs },
      { stage: coreWait, costNs: Math.max(0, meanNs - ownNs - lockWaitNs) },
    ].filter(({ costNs }) => costNs > 0),
    stalledThere: 0,
    stalledBack: 0,
    voluntarySwitchesPerMessage: 0,
    involuntarySwitchesPerMessage: 0,
    acknowledgementsPerMessage: 0,
    coefficientCounts: derivatives(own, ownNs > 0 ? meanNs / ownNs : 1),
    dropped: 0,
    limits:
      atOnce === 1
        ? null
        : limitOf(
            sum.heldNs / sum.durationNs,
            machine,
            [...busyNs].map((ns, row) => (ns - spunNs[row]!) / sum.durationNs),
          ),
  }
  const [busy, spun] = [busyNs, spunNs].map((column) => column.reduce((total, ns) => total + ns, 0)) as [number, number]
  const additions = started * charges.length
  // Whoever is put aside keeps the mutex: it may be held for longer than its holders work.
  const laws: RunLaw[] = [
    {
      ...utilizationLaw(busy, sum.givenNs + spun, additions),
      of: 'all cores',
      sides: ['time that they were busy, ns', 'steps and spinning, ns'],
    },
    { ...upperBound(sum.lockedNs, sum.heldNs, 0), of: 'the rtnl mutex', sides: ['steps under it, ns', 'time that it was held, ns'] },
    { ...upperBound(sum.heldNs, sum.durationNs, 0), of: 'the rtnl mutex', sides: ['time that it was held, ns', 'all the time, ns'] },
  ]
  requireLaws(laws)
  return { flows: [result], durationNs: sum.durationNs, coreUtilization: utilization, events: additions, laws }
}

/** Who starts on which core: the i-th on the client's core plus i, modulo the machine's cores. */
function coresOfStarts(scenario: Scenario, from: string, { atOnce }: Start) {
  const { host, core } = scenario.containers[from]!
  const { cores, idle } = scenario.machines[scenario.hosts[host]!.machine]!
  return {
    cores,
    of: Array.from({ length: atOnce }, (_, i) => (core + i) % cores),
    sleeps: idle !== 'never',
    wakeups: idle === 'never' ? 0 : Math.min(atOnce, cores),
  }
}

/**
 * A turn ends at the first tick by which the base slice has been used up (update_deadline(), kernel/sched/fair.c): a whole number of ticks for
 * whoever is given the core at one.
 */
function quantumOf({ kernel: { hz, baseSliceNs } }: Profile): number {
  const tickNs = 1e9 / hz
  return Math.ceil(baseSliceNs / tickNs) * tickNs
}

/** @throws RangeError */
export function priceStart(charges: readonly StartCharge[], profile: Profile): number[] {
  const cost = coefficientValues(profile)
  return charges.map(({ law, per, count }) => {
    const value = cost[coefficientIndex(law, per)]!
    if (Number.isNaN(value)) throw new RangeError(`the profile has no coefficient ${law.stage}.${per}, which this path charges`)
    return count * value
  })
}

interface Own {
  readonly charge: StartCharge
  readonly costNs: number
}

function stagesOf(own: readonly Own[]): { stage: string; costNs: number }[] {
  const names = [...new Set(own.map(({ charge }) => charge.law.stage))]
  return names.map((stage) => ({
    stage,
    costNs: own.reduce((sum, { charge, costNs }) => sum + (charge.law.stage === stage ? costNs : 0), 0),
  }))
}

/** What starts wait for is made of the same steps of other starts: a start's time moves with a coefficient by more than its own charges, in proportion. */
function derivatives(own: readonly Own[], factor: number): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const { charge } of own) {
    const name = `${charge.law.stage}.${charge.per}`
    counts[name] = (counts[name] ?? 0) + charge.count * factor
  }
  return counts
}

/** The mutex and the core that works most (who spins does not work), what is used more before the other. */
function limitOf(held: number, machine: string, works: readonly number[]): string {
  const core = works.indexOf(Math.max(...works))
  const percent = (share: number): string => `${Math.round(100 * share)} %`
  const both = [
    { share: held, words: `rtnl mutex (held ${percent(held)} of the time)` },
    { share: works[core]!, words: `core ${machine}/${core} (${percent(works[core]!)} busy)` },
  ]
  return both
    .sort((a, b) => b.share - a.share)
    .map(({ words }) => words)
    .join(', then ')
}
