/** What the kernel counted, against the whole path: a device that the packets must have crossed, and those that they must not. */
import type { Layout } from '../../../models/topology/layout.js'
import type { Flow } from '../../../models/topology/scenario.js'
import { deviceName } from '../kernel-names.js'
import type { Observation } from './observe.js'
import type { ExpectedPath } from './walk.js'

/** Packets that may stand on a device outside of every path: what is sent once, such as a frame that a bridge floods. */
const STRAY_PACKETS = 16

export function objectionsOf(layout: Layout, paths: readonly ExpectedPath[], seen: Observation, messages: number): string[] {
  const onPath = new Set(paths.flatMap(({ hops }) => hops.flat()).map((hop) => `${hop.namespace} ${hop.device}`))
  const objections = seen.misplaced.map((process) => `${process} runs in another namespace than the experiment says`)
  for (const [key, { rxPackets, txPackets }] of Object.entries(seen.counted.devices)) {
    const [namespace, name] = splitKey(key)
    const isBridge = layout.devices.some((device) => device.kind === 'bridge' && device.namespace === namespace && device.name === name)
    // A bridge counts only what it hands to its own host.
    if (isBridge) continue
    if (onPath.has(`${namespace} ${deviceName(name)}`)) {
      if (Math.min(rxPackets, txPackets) < messages)
        objections.push(`${key} counted ${rxPackets} packets received and ${txPackets} sent, fewer than ${messages} messages`)
    } else if (rxPackets + txPackets > STRAY_PACKETS) {
      objections.push(`${key} is not on the path and counted ${rxPackets + txPackets} packets`)
    }
  }
  for (const [process, filters] of Object.entries(seen.seccompFilters))
    if (filters > 0) objections.push(`${process} has ${filters} seccomp filters, and its path no stage for them`)
  if (seen.hooks !== null)
    for (const [namespace, { forward }] of Object.entries(seen.hooks))
      if (forward > STRAY_PACKETS && !passesHook(paths, namespace))
        objections.push(`${forward} packets passed the forward hook of ${namespace}, where the path has no netfilter.hook`)
  return objections
}

/** Bytes that each relay's sockets received, against what the followed messages hold. */
export function relayObjections(flow: Flow, seen: Observation, messages: number): string[] {
  return flow.via
    .filter((name) => (seen.proxyBytes[name] ?? 0) < 2 * flow.workload.messageBytes * messages)
    .map((name) => `proxy ${name} received ${seen.proxyBytes[name] ?? 0} bytes, fewer than ${messages} messages and replies hold`)
}

function passesHook(paths: readonly ExpectedPath[], namespace: string): boolean {
  return paths.some(({ steps }) =>
    steps.some(({ stage }) => stage.namespace === namespace && (stage.name === 'netfilter.hook' || stage.name === 'ip.forward')),
  )
}

/** `container.client eth0`: names of namespaces hold no space. */
function splitKey(key: string): [string, string] {
  const space = key.indexOf(' ')
  return [key.slice(0, space), key.slice(space + 1)]
}
