/** What is looked at while the traffic of a measurement runs, and right after it. */
import { isUnix, type Scenario } from '../../models/topology/scenario.js'
import type { BuiltLayout } from './build.js'
import { throttledNs } from './control-groups.js'
import { TIMELINE, type Timeline } from './instruments/sockperf.js'
import { familyOf, type Instrument, packetsSentBeside, switchesOf } from './process.js'
import { bytesReceivedBy } from './sockets.js'
import type { Look } from './switches.js'
import { joinedPair, joinedSocketsIn, listUnixSockets, unixSocketName } from './unix-sockets.js'

/** A process of a flow that is being measured. */
export interface Endpoint {
  readonly name: string
  readonly instrument: Instrument
  readonly flow: string
}

/** Looks at every process twice during the traffic: after the instrument's warm-up, and shortly before its end. */
export async function lookAtTraffic(
  all: readonly Endpoint[],
  clients: readonly Endpoint[],
  startedMs: number,
  seconds: number,
  { trafficS, warmUpS, coolDownS }: Timeline = TIMELINE,
): Promise<Look[]> {
  const times = [trafficS + warmUpS + 0.02, trafficS + seconds - coolDownS - 0.03]
  const looks: Look[] = []
  for (const at of times) {
    await sleepUntil(startedMs + at * 1000)
    looks.push({
      atMs: performance.now() - startedMs,
      packets: Object.fromEntries(clients.map((client) => [client.flow, packetsSentBeside(client.instrument.pid)])),
      switches: Object.fromEntries(all.map((each) => [each.name, switchesOf(each.instrument.pid)])),
    })
  }
  return looks
}

/** The share of the time between sockperf's warm-up and its end that each group's processes stood aside for want of quota. */
export async function lookAtQuotas(
  groups: Readonly<Record<string, string>>,
  startedMs: number,
  seconds: number,
): Promise<Record<string, number>> {
  const names = Object.keys(groups)
  if (names.length === 0) return {}
  const look = async (atS: number) => {
    await sleepUntil(startedMs + atS * 1000)
    return { atMs: performance.now(), throttledNs: names.map((name) => throttledNs(groups[name]!)) }
  }
  const before = await look(TIMELINE.trafficS + TIMELINE.warmUpS)
  const after = await look(TIMELINE.trafficS + seconds - TIMELINE.coolDownS)
  const share = (i: number): number => (after.throttledNs[i]! - before.throttledNs[i]!) / 1e6 / (after.atMs - before.atMs)
  return Object.fromEntries(names.map((name, i) => [name, Math.max(0, Math.min(1, share(i)))]))
}

/** A client that ends later than this after its time is not waited for. */
const LATE_CLIENT_MS = 2000

/**
 * What each relay has received. The client sleeps 0.1 s after its last message, before it prints and hangs up: a relay is asked again and again from
 * then on until its client has ended, and the most that it ever said is what it received. Asked once, a client that began late would be cut short.
 * Null where no answer came while a client was still there: a machine this busy has taken the sockets' word away.
 */
export async function lookAtRelays(
  built: BuiltLayout,
  relays: readonly Endpoint[],
  clients: readonly Endpoint[],
  startedMs: number,
  seconds: number,
): Promise<Record<string, number> | null> {
  const received: Record<string, number> = {}
  if (relays.length === 0) return received
  await sleepUntil(startedMs + (TIMELINE.trafficS + seconds + TIMELINE.printS / 2) * 1000)
  const isRunning = (): boolean => clients.some(({ instrument }) => instrument.isRunning())
  let answered = false
  for (const latestMs = performance.now() + LATE_CLIENT_MS; performance.now() < latestMs && isRunning(); answered ||= isRunning())
    for (const { name, instrument } of relays) {
      const { namespace } = built.layout.processes.find((process) => process.name === name)!
      received[name] = Math.max(received[name] ?? 0, await bytesReceivedBy(built.kernelName(namespace), familyOf(instrument.pid)))
    }
  return answered ? received : null
}

/** By flow over a Unix-domain socket, whether its two ends are joined to each other, in words; null where they are not. */
export type Joined = Readonly<Record<string, string | null>>

/** After its last message (TIMELINE.coolDownS before this time) a client holds its socket for 0.2 s: then the kernel is asked who is joined to whom. */
export async function lookAtUnixSockets(
  built: BuiltLayout,
  scenario: Scenario,
  endpoints: readonly Endpoint[],
  startedMs: number,
  seconds: number,
): Promise<Joined> {
  if (!Object.values(scenario.flows).some(({ transport }) => isUnix(transport))) return {}
  await sleepUntil(startedMs + (TIMELINE.trafficS + seconds) * 1000)
  return joinedFlows(built, scenario, endpoints)
}

export async function joinedFlows(built: BuiltLayout, scenario: Scenario, endpoints: readonly Endpoint[]): Promise<Joined> {
  const joined: Record<string, string | null> = {}
  const namespaceOf = (name: string): string => built.kernelName(built.layout.processes.find((process) => process.name === name)!.namespace)
  for (const [flow, { from, to, transport }] of Object.entries(scenario.flows)) {
    if (!isUnix(transport)) continue
    const listed = await listUnixSockets([namespaceOf(from), namespaceOf(to)])
    const socketsOf = (name: string) =>
      joinedSocketsIn(listed, endpoints.find((one) => one.flow === flow && one.name === name)!.instrument.pid)
    const pair = joinedPair(unixSocketName(flow), socketsOf(from), socketsOf(to))
    joined[flow] = pair && `${to}'s ${pair.server.path} (${pair.server.inode}) and ${from}'s socket (${pair.client.inode}) are peers`
  }
  return joined
}

/** @param atMs of `performance.now()` */
export async function sleepUntil(atMs: number): Promise<void> {
  const left = atMs - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
