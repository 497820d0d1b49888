/**
 * Context switches and time on a core, per message. Every process's counters are looked at twice during the traffic (never around the process:
 * it starts, connects and sleeps first). How many messages passed between the looks is told by the packets that the client's namespace sent
 * meanwhile, against those that it sent for all of the run's messages.
 */

export interface Look {
  /** Since the client was started, ms. */
  readonly atMs: number
  /** `Ip.OutRequests` of the client's namespace, by flow. */
  readonly packets: Readonly<Record<string, number>>
  readonly switches: Readonly<Record<string, Switches>>
}

export interface Switches {
  readonly voluntary: number
  readonly involuntary: number
  /** Time on a core, softirqs that ran there meanwhile included, ns. */
  readonly runNs: number
}

/**
 * @param packetsPerMessage packets that the client's namespace sent per message of the flow, over the whole run
 * @returns null when fewer than two looks saw the process, or nothing was sent between them
 */
export function switchesPerMessage(looks: readonly Look[], process: string, flow: string, packetsPerMessage: number): Switches | null {
  const [first, last] = looks.filter((look) => look.switches[process] !== undefined && (look.packets[flow] ?? 0) > 0)
  if (first === undefined || last === undefined) return null
  return switchesBetween(first, last, process, (last.packets[flow]! - first.packets[flow]!) / packetsPerMessage)
}

/** The same of a flow that sends no packets: messages follow one another at one rate. */
export function switchesAtRate(looks: readonly Look[], process: string, messagesPerMs: number): Switches | null {
  const [first, last] = looks.filter((look) => look.switches[process] !== undefined)
  if (first === undefined || last === undefined) return null
  return switchesBetween(first, last, process, (last.atMs - first.atMs) * messagesPerMs)
}

function switchesBetween(first: Look, last: Look, process: string, messages: number): Switches | null {
  const [before, after] = [first.switches[process]!, last.switches[process]!]
  if (!(messages > 0)) return null
  const perMessage = (count: (of: Switches) => number): number => (count(after) - count(before)) / messages
  return {
    voluntary: perMessage(({ voluntary }) => voluntary),
    involuntary: perMessage(({ involuntary }) => involuntary),
    runNs: perMessage(({ runNs }) => runNs),
  }
}
