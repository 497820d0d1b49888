/** What the kernel counted, against the whole path: a device that the packets must have crossed, and those that they must not. */
import type { Layout } from '../../../models/topology/layout.js'
import { type Flow, isUnix } from '../../../models/topology/scenario.js'
import { deviceName } from '../kernel-names.js'
import { trackedIn } from './counted-stages.js'
import type { Observation } from './observe.js'
import type { ExpectedPath } from './walk.js'

/** Packets that may stand on a device outside of every path: what is sent once, such as a frame that a bridge floods. */
const STRAY_PACKETS = 16

export function objectionsOf(layout: Layout, paths: readonly ExpectedPath[], seen: Observation, messages: number): string[] {
  const expected = hopsByDevice(paths)
  const objections = [
    ...Object.entries(seen.ended).map(([program, said]) => `no message got through: ${program} ended before (${said})`),
    ...seen.misplaced.map((process) => `${process} runs in another namespace than the experiment says`),
  ]
  for (const [key, { rxPackets, txPackets }] of Object.entries(seen.counted.devices)) {
    const [namespace, name] = splitKey(key)
    const device = layout.devices.find((one) => one.namespace === namespace && one.name === name)
    const hops = expected.get(`${namespace} ${deviceName(name)}`)
    if (hops !== undefined) {
      // What a lower device hands to its siblings it doesn't count.
      const isLower = layout.devices.some((one) => one.kind === 'macvlan' && one.lower === name && one.lowerNamespace === namespace)
      if (hops.has('receive') && rxPackets < messages && !isLower)
        objections.push(`${key} counted ${rxPackets} packets received, fewer than ${messages} messages`)
      if (hops.has('transmit') && txPackets < messages)
        objections.push(`${key} counted ${txPackets} packets sent, fewer than ${messages} messages`)
    } else if (rxPackets + txPackets > STRAY_PACKETS && device?.kind !== 'bridge') {
      // A bridge counts what it hands to its own host; what it forwards is counted by its ports.
      objections.push(`${key} is not on the path and counted ${rxPackets + txPackets} packets`)
    }
  }
  for (const [process, filters] of Object.entries(seen.seccompFilters))
    if (filters > 0 && !hasStageOf(paths, process, 'seccomp.filter'))
      objections.push(`${process} has ${filters} seccomp filters, and its path no stage for them`)
  if (seen.hooks !== null)
    for (const [namespace, { forward }] of Object.entries(seen.hooks))
      if (forward > STRAY_PACKETS && !hasStage(paths, namespace, ['netfilter.hook', 'ip.forward']))
        objections.push(`${forward} packets passed the forward hook of ${namespace}, where the path has no netfilter.hook`)
  for (const { name } of layout.namespaces) {
    const tracked = trackedIn(seen, name)
    if (tracked !== undefined && !hasStage(paths, name, ['conntrack.lookup']))
      objections.push(
        `${name} tracks a connection of the flow (to port ${tracked.original.targetPort}), and the path has no conntrack.lookup there`,
      )
  }
  return objections
}

/** The kernel's word on who is joined to whom. */
export function unixObjections(name: string, { from, to, transport }: Flow, { joined }: Observation): string[] {
  if (!isUnix(transport) || typeof joined[name] === 'string') return []
  return [`${from} and ${to} hold no Unix-domain sockets that are each other's peers`]
}

/** Bytes that each relay's sockets received, against what the followed messages hold. */
export function relayObjections(flow: Flow, seen: Observation, messages: number): string[] {
  return flow.via
    .filter((name) => (seen.proxyBytes[name] ?? 0) < 2 * flow.workload.messageBytes * messages)
    .map((name) => `proxy ${name} received ${seen.proxyBytes[name] ?? 0} bytes, fewer than ${messages} messages and replies hold`)
}

function hasStageOf(paths: readonly ExpectedPath[], process: string, name: string): boolean {
  return paths.some(({ steps }) => steps.some((step) => step.stage.name === name && [step.sender, step.receiver].includes(process)))
}

function hasStage(paths: readonly ExpectedPath[], namespace: string, names: readonly string[]): boolean {
  return paths.some(({ steps }) => steps.some(({ stage }) => stage.namespace === namespace && names.includes(stage.name)))
}

function hopsByDevice(paths: readonly ExpectedPath[]): Map<string, Set<'transmit' | 'receive'>> {
  const found = new Map<string, Set<'transmit' | 'receive'>>()
  for (const { kind, namespace, device } of paths.flatMap(({ hops }) => hops.flat())) {
    const key = `${namespace} ${device}`
    found.set(key, (found.get(key) ?? new Set()).add(kind))
  }
  return found
}

/** `container.client eth0`: names of namespaces hold no space. */
function splitKey(key: string): [string, string] {
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}
