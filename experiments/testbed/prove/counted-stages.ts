/** Stages that no tracepoint shows by itself: what counters, rules, tracked connections and program runs say of them. */
import type { Layout } from '../../../models/topology/layout.js'
import type { Observation } from './observe.js'
import type { PathStep } from './steps.js'
import type { TrackedConnection } from './tallies.js'

export interface CountedVerdict {
  readonly verdict: 'proven' | 'unproven' | 'contradicted'
  readonly witness: string
}

/** A verdict for those stages; null for all others. @param messages that must have been counted at least */
export function countedVerdict(layout: Layout, step: PathStep, seen: Observation, messages: number): CountedVerdict | null {
  const { stage } = step
  const { namespace } = stage
  switch (stage.name) {
    case 'netfilter.hook':
      return hooked(seen, namespace)
    case 'ip.forward': {
      const forwarded = seen.counted.protocols[namespace]?.['Ip.ForwDatagrams'] ?? 0
      return atLeast(forwarded, messages, `Ip.ForwDatagrams ${forwarded} in ${namespace}`)
    }
    case 'nftables.chain':
    case 'iptables.chain':
      return ruled(stage.rules ?? layout.policies[namespace]?.rules ?? 0, seen, namespace, messages)
    case 'seccomp.filter':
      return filtered(processesAt(layout, step), seen)
    case 'control-group.schedule':
      return grouped([step.sender, step.receiver], seen)
    case 'conntrack.lookup': {
      const found = trackedIn(seen, namespace)
      if (found === undefined) return { verdict: 'contradicted', witness: `${namespace} tracks no connection of the flow` }
      return { verdict: 'proven', witness: `tracked: ${inWords(found)}${found.assured ? ', assured' : ''}` }
    }
    case 'nat.translate': {
      const found = trackedIn(seen, namespace)
      if (found === undefined) return { verdict: 'contradicted', witness: `${namespace} tracks no connection of the flow` }
      if (!isTranslated(found)) return { verdict: 'contradicted', witness: `nothing is translated: ${inWords(found)}` }
      return { verdict: 'proven', witness: `${inWords(found)} answers ${found.reply.source} > ${found.reply.target}` }
    }
    case 'bpf.redirect': {
      if (seen.tallies.programRuns === null) return { verdict: 'unproven', witness: 'bpftool is missing: `fairway doctor`' }
      const runs = seen.tallies.programRuns[`${namespace} ${stage.device}`]
      if (runs === undefined) return { verdict: 'contradicted', witness: `no program at the ingress of ${stage.device}` }
      return atLeast(runs, messages, `run_cnt ${runs} at the ingress of ${stage.device}`)
    }
    default:
      return null
  }
}

function atLeast(counted: number, messages: number, witness: string): CountedVerdict {
  return counted < messages
    ? { verdict: 'contradicted', witness: `${witness}, fewer than ${messages} messages` }
    : { verdict: 'proven', witness }
}

function hooked({ hooks }: Observation, namespace: string): CountedVerdict {
  if (hooks === null) return { verdict: 'unproven', witness: 'nft is missing: `fairway doctor`' }
  const counts = hooks[namespace]
  if (counts === undefined) return { verdict: 'unproven', witness: 'its hooks were not counted' }
  const passed = `prerouting ${counts.prerouting}, forward ${counts.forward}, input ${counts.input}, postrouting ${counts.postrouting}`
  if (counts.prerouting === 0) return { verdict: 'contradicted', witness: `no packet passed the hooks of ${namespace} (${passed})` }
  const shown = counts.forwarded.length === 0 ? '' : `; nft trace: ${counts.forwarded.join(', ')}`
  return { verdict: 'proven', witness: `a counting rule at each hook: ${passed}${shown}` }
}

/** The rule that lets the flow's packets pass has counted them, and as many rules as the experiment says stand before it. */
function ruled(expected: number, { tallies }: Observation, namespace: string, messages: number): CountedVerdict {
  if (tallies.forwardRules === null) return { verdict: 'unproven', witness: 'nft is missing: `fairway doctor`' }
  const counting = [...(tallies.forwardRules[namespace] ?? [])].sort((a, b) => b.packets - a.packets)
  // An engine has a rule for each way.
  const rule = counting.find(({ before, packets }) => before === expected && packets >= messages) ?? counting[0]
  if (rule === undefined) return { verdict: 'contradicted', witness: `no rule of a forward chain counts packets in ${namespace}` }
  if (rule.before !== expected)
    return { verdict: 'contradicted', witness: `${rule.before} rules stand before the one that counts in ${rule.chain}, not ${expected}` }
  return atLeast(rule.packets, messages, `${rule.packets} packets at its rule in ${rule.chain}, after ${rule.before} others`)
}

/** Whose system call it is: the leg's process in that namespace; in a pod either. */
function processesAt(layout: Layout, { stage, sender, receiver }: PathStep): string[] {
  return [sender, receiver].filter((name) =>
    layout.processes.some((process) => process.name === name && process.namespace === stage.namespace),
  )
}

function filtered(processes: readonly string[], { seccompFilters }: Observation): CountedVerdict {
  const without = processes.find((process) => (seccompFilters[process] ?? 0) === 0)
  return without === undefined
    ? { verdict: 'proven', witness: processes.map((process) => `Seccomp_filters ${seccompFilters[process]} of ${process}`).join(', ') }
    : { verdict: 'contradicted', witness: `${without} has no seccomp filter` }
}

function grouped(processes: readonly string[], { controlGroups }: Observation): CountedVerdict {
  const own = processes.map((process) => controlGroups[process] ?? '/').find((group) => group !== '/')
  return own === undefined
    ? { verdict: 'contradicted', witness: `${processes.join(' and ')} are in no control group` }
    : { verdict: 'proven', witness: `in ${own}` }
}

/** A connection of the flow: to a port that one of its processes listens on. */
export function trackedIn({ tallies, ports }: Observation, namespace: string): TrackedConnection | undefined {
  return tallies.connections[namespace]?.find(({ original }) => ports.has(original.targetPort))
}

function isTranslated({ original, reply }: TrackedConnection): boolean {
  return reply.source !== original.target || reply.target !== original.source
}

function inWords({ original }: TrackedConnection): string {
  return `${original.source} > ${original.target}:${original.targetPort}`
}
