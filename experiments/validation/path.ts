/** A flow's path as counts of elements, for the baselines, and in words, for readers. */
import type { Flow, Network, Scenario } from '../../models/index.js'
import { RELAY_PROGRAMS } from '../../models/proxies/programs.js'
import { legsOf } from '../../models/topology/legs.js'
import type { Proxy } from '../../models/topology/scenario.js'
import { formatBytes, formatDuration, formatMessageRate } from '../schema/index.js'

/** The element that stands for a relay among the stages that routing finds. */
export const relayElement = 'relay'

/** The element that stands for the rules of a chain before the packet's own. */
const rulesOf = (stage: string): string => `${stage} rules`

/** How often a message crosses each stage of the network on its way there, over all connections, and how many relays pass it on. */
export function elementsOf(scenario: Scenario, flow: Flow): Record<string, number> {
  const counts: Record<string, number> = flow.via.length === 0 ? {} : { [relayElement]: flow.via.length }
  for (const leg of legsOf(scenario, flow)) {
    for (const { law, rules = 0 } of leg.there.crossings) {
      counts[law.stage] = (counts[law.stage] ?? 0) + 1
      if (rules > 0) counts[rulesOf(law.stage)] = (counts[rulesOf(law.stage)] ?? 0) + rules
    }
  }
  return counts
}

/** Containers and proxies that the flow's messages pass, client first. */
export function processesOf(scenario: Scenario, flow: Flow) {
  return [flow.from, ...flow.via, flow.to].map((name) => ({ name, ...(scenario.proxies[name] ?? scenario.containers[name]!) }))
}

/** Whether one core runs everything: the placement that a profile's region of trust covers. */
export function isOnOneCore(scenario: Scenario, flow: Flow): boolean {
  const places = processesOf(scenario, flow).map(({ host, core }) => `${scenario.hosts[host]!.machine}/${core}`)
  return new Set(places).size === 1
}

/** `tcp, chain of 3 bridges with netfilter, socks (microsocks), batch: client`; the message's size is not part of it. */
export function pathInWords(scenario: Scenario, flow: Flow): string {
  const processes = processesOf(scenario, flow)
  const network = scenario.networks[flow.network]
  const relays = flow.via.map((name) => scenario.proxies[name]!)
  const batch = processes.filter(({ policy }) => policy === 'batch').map(({ name }) => name)
  const cores = [...new Set(processes.map(({ core }) => core))]
  const isHeld = flow.transport === 'tcp' && processes.some((one) => flow.via.includes(one.name) === false && !one.noDelay)
  const parts = [
    flow.transport,
    ...(network === undefined ? [] : [networkInWords(scenario, flow, network)]),
    ...relays.map((relay) => relayInWords(network!, relay)),
    ...(batch.length === 0 ? [] : [batch.length === processes.length ? 'batch' : `batch: ${batch.join(' and ')}`]),
    ...(scenario.engine === undefined ? [] : [`by ${scenario.engine}`]),
    ...processes.flatMap(({ name, quota }) =>
      quota === undefined ? [] : [`quota of ${name} ${formatDuration(quota.quotaNs)} in ${formatDuration(quota.periodNs)}`],
    ),
    ...isolationInWords(scenario, processes),
    ...(scenario.tcp.quickAck ? ['immediate acknowledgements'] : []),
    ...(isHeld ? ['Nagle at an end'] : []),
    ...(scenario.tcp.offloads ? [] : ['no offloads']),
    ...(flow.workload.kind === 'open-loop' ? [`${flow.workload.arrivals} ${formatMessageRate(flow.workload.ratePerSecond)}`] : []),
    ...(flow.workload.kind === 'stream' ? ['stream'] : []),
    ...(flow.workload.kind === 'start' ? [`start of ${flow.workload.atOnce} at once`] : []),
    ...(flow.workload.kind === 'http' ? ['HTTP'] : []),
    ...(flow.workload.kind === 'connect' ? ['a connection each'] : []),
    ...(cores.length === 1 ? [] : [`cores ${cores.join(' and ')}`]),
    ...(Object.values(scenario.machines).some(({ idle }) => idle === 'never') ? ['never idle'] : []),
  ]
  return parts.join(', ')
}

/** Filters that are not the engine's default. */
function isolationInWords({ engine }: Scenario, processes: readonly { readonly seccompRules?: number }[]): string[] {
  if (engine !== 'podman') return []
  const rules = [...new Set(processes.map(({ seccompRules }) => seccompRules))].filter((count) => count !== undefined)
  return rules.map((count) => (count === 0 ? 'unfiltered' : `${count} seccomp rules`))
}

/** The same with the size of a message: the name of a point. */
export function pointInWords(scenario: Scenario, flow: Flow): string {
  return `${pathInWords(scenario, flow)}, ${formatBytes(flow.workload.messageBytes)}`
}

/** `relay (haproxy, no-delay, 4 KiB at a time, beside server)`: its own buffer goes without saying. */
function relayInWords(network: Network, relay: Proxy): string {
  const { kind, program, noDelay, bufferBytes, beside } = relay
  const buffer = bufferBytes === RELAY_PROGRAMS[program].bufferBytes ? '' : `, ${formatBytes(bufferBytes)} at a time`
  const place = beside === undefined ? placeOfRelay(network, relay) : `, beside ${beside}`
  return `${kind === 'socks5' ? 'socks' : 'relay'} (${program}${kind === 'http' ? ', http' : ''}${noDelay ? ', no-delay' : ''}${relay.authenticates === true ? ', password' : ''}${buffer}${place})`
}

function placeOfRelay(network: Network, { host, bridge }: Proxy): string {
  if (network.driver === 'bridge' && network.bridges > 1) return ` at bridge ${bridge}`
  return network.driver === 'overlay' ? ` on ${host}` : ''
}

function networkInWords(scenario: Scenario, flow: Flow, network: Network): string {
  const netfilter = scenario.tcp.bridgeNfCallIptables ? ' with netfilter' : ''
  const elements = elementsOf(scenario, flow)
  if (elements['ip.forward'] !== undefined) return forwardedInWords(scenario, flow, elements)
  switch (network.driver) {
    case 'shared':
      return 'shared namespace'
    case 'host':
      return 'host network'
    case 'none':
      return 'no network'
    case 'veth':
      return 'veth pair'
    case 'routed':
    case 'macvlan':
    case 'ebpf-redirect':
      return network.driver
    case 'bridge': {
      const crossed = 1 + Math.abs(scenario.containers[flow.from]!.bridge - scenario.containers[flow.to]!.bridge)
      return `${crossed === 1 ? 'bridge' : `chain of ${crossed} bridges`}${netfilter}`
    }
    case 'overlay':
      return network.ends === 'direct' ? 'overlay without bridges' : `overlay${netfilter}`
  }
}

/** A path that is forwarded has no short name: what it crosses on the way there, with how often. */
function forwardedInWords(scenario: Scenario, flow: Flow, elements: Readonly<Record<string, number>>): string {
  const parts = Object.entries(elements).flatMap(([stage, count]) =>
    stage === relayElement ? [] : [count === 1 ? stage : `${count} ${stage}`],
  )
  const service = flow.service === undefined ? undefined : scenario.services?.[flow.service]
  const tail = service === undefined ? '' : `, one of ${service.count} services over ${service.backends.length} backends`
  return `over ${parts.join(' + ')}${tail}`
}
