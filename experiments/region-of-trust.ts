/**
 * Where predictions were validated. Outside of it a simulated row says why, and every caption and table repeats it: the model still runs there,
 * but nobody has laid its numbers beside a kernel.
 */
import type { Scenario } from '../models/index.js'
import { replyBytes } from '../models/workloads/http.js'

/** Largest message that the calibration and the validation cover on one path, bytes. */
const LARGEST_MESSAGE_BYTES = 16384

/** The smallest datagram that any default MTU lets through in one piece: 1450 less IPv4's and UDP's headers. */
const LARGEST_WHOLE_DATAGRAM_BYTES = 1422

/** Starts that were held beside their predictions: this many at once, on this many cores. */
const MOST_STARTS_AT_ONCE = 8
const LARGEST_MACHINE_CORES = 2

function isTracked({ hosts, routers = {}, containers, services = {} }: Scenario): boolean {
  const policies = [...Object.values(hosts), ...Object.values(routers)].map(({ policy }) => policy)
  return (
    policies.some((policy) => policy?.conntrack === true || policy?.masquerade === true) ||
    Object.values(containers).some(({ publish }) => publish !== undefined) ||
    Object.keys(services).length > 0
  )
}

/** `inside`, or the reasons why the scenario lies outside, in words. */
export function trustOf(scenario: Scenario): string {
  const reasons = [...reasonsOutside(scenario)]
  return reasons.length === 0 ? 'inside' : reasons.join('; ')
}

/** What `trustOf` says, reason by reason; a semicolon in parentheses belongs to its reason. None inside of the region, nor where nothing is known. */
export function trustReasons(trust: string | null): string[] {
  return trust === null || trust === 'inside' ? [] : trust.split(/; (?![^(]*\))/)
}

function* reasonsOutside(scenario: Scenario): Generator<string> {
  const ends = [...Object.values(scenario.containers), ...Object.values(scenario.proxies)]
  const used = new Set(ends.map((end) => `${scenario.hosts[end.host]?.machine} ${end.core}`))
  if (used.size > 1) yield 'processes on several cores (wake-ups across cores repeat to 20 % only, and are fitted, not validated)'
  if (scenario.links.some((link) => link.kind === 'physical')) yield 'a physical link, whose network cards are uncalibrated'
  if (Object.keys(scenario.machines).length > 1) yield 'more than one machine'
  if (!scenario.tcp.offloads) yield 'offloads switched off'
  if (scenario.tcp.congestionControl !== 'cubic') yield `congestion control ${scenario.tcp.congestionControl}`
  const flows = Object.values(scenario.flows)
  if (flows.length > 1) yield 'several flows at once'
  for (const flow of flows) {
    const { messageBytes } = flow.workload
    if (flow.transport === 'udp' && isTracked(scenario) && messageBytes > LARGEST_WHOLE_DATAGRAM_BYTES)
      yield 'fragments through connection tracking (it reassembles them on the way)'
    if (flow.workload.kind === 'open-loop') yield 'an open loop (no load is validated)'
    if (flow.workload.kind === 'stream') yield 'a stream (no network model and no write size but those of xeon-streams is validated)'
    if (flow.workload.kind === 'start' && Object.values(scenario.machines).some(({ cores }) => cores > LARGEST_MACHINE_CORES))
      yield `starts on more than ${LARGEST_MACHINE_CORES} cores`
    if (flow.workload.kind === 'start' && flow.workload.atOnce > MOST_STARTS_AT_ONCE)
      yield `more than ${MOST_STARTS_AT_ONCE} starts at once`
    if (flow.workload.kind !== 'stream' && messageBytes > LARGEST_MESSAGE_BYTES)
      yield `a message of more than ${LARGEST_MESSAGE_BYTES / 1024} KiB`
    if (flow.via.length > 1) yield 'a chain of proxies'
    const buffer = Math.min(...flow.via.map((name) => scenario.proxies[name]?.bufferBytes ?? Number.POSITIVE_INFINITY))
    const relayedBytes = flow.workload.kind === 'http' ? replyBytes(messageBytes) : messageBytes
    if (relayedBytes > buffer)
      yield "a message above the relay's buffer (whether it stalls at all is validated; how often, and how long it takes where it does not, is not)"
  }
}
