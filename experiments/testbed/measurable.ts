/** What this machine can't measure, and why: said before anything is built, and never silently replaced by something else. */
import { cpus } from 'node:os'
import { layOut } from '../../models/topology/layout.js'
import { type Flow, isUnix, type Scenario } from '../../models/topology/scenario.js'
import { whyNotBuildable } from './build.js'
import { whyNotByIperf3 } from './instruments/iperf3.js'
import { whyNotRelay } from './instruments/relays.js'
import { LARGEST_MESSAGE_BYTES, SMALLEST_MESSAGE_BYTES } from './instruments/sockperf.js'

/** The first reason why a scenario can't be measured here; null when it can. Programs that are missing are `doctor`'s to find. */
export function whyNotMeasurable(scenario: Scenario, cores: number = cpus().length): string | null {
  const machines = Object.keys(scenario.machines)
  if (machines.length > 1) return `${machines.join(' and ')} are ${machines.length} machines: this testbed is one kernel`
  for (const [name, machine] of Object.entries(scenario.machines))
    if (machine.cores > cores) return `machine ${name} has ${machine.cores} cores, this one ${cores}`
  const layout = layOut(scenario)
  const reason = whyNotBuildable(layout)
  if (reason !== null) return reason
  for (const [name, proxy] of Object.entries(scenario.proxies)) {
    const why = whyNotRelay(proxy)
    if (why !== null) return `proxy ${name}: ${why}`
  }
  for (const [name, flow] of Object.entries(scenario.flows)) {
    const why = whyNotDriven(flow, scenario)
    if (why !== null) return `flow ${name}: ${why}`
  }
  return null
}

function whyNotDriven(flow: Flow, { engine, containers }: Scenario): string | null {
  const { kind, messageBytes } = flow.workload
  // What else a start can't have the schema has refused.
  if (kind === 'start') return null
  if (kind === 'connect')
    return engine === 'podman' ? "the instrument for connections is compiled on the spot, and is not in the containers' image" : null
  if (kind === 'http') {
    if (engine === 'podman') return "wrk is not in the containers' image"
    return containers[flow.from]!.noDelay ? null : `wrk always sets TCP_NODELAY: ${flow.from} without it can only be simulated`
  }
  if (kind === 'stream') return engine === 'podman' ? "iperf3 is not in the containers' image" : whyNotByIperf3(flow.workload)
  if (kind === 'open-loop' && flow.service !== undefined) return 'the open-loop generator asks one server, not a service'
  if (kind === 'open-loop' && engine === 'podman')
    return "the open-loop generator is compiled on the spot, and is not in the containers' image"
  if (isUnix(flow.transport))
    return engine === 'podman'
      ? "the instrument for Unix-domain sockets is compiled on the spot, and is not in the containers' image"
      : null
  const largest = LARGEST_MESSAGE_BYTES[flow.transport]
  if (messageBytes < SMALLEST_MESSAGE_BYTES) return `sockperf's smallest message is ${SMALLEST_MESSAGE_BYTES} B, not ${messageBytes}`
  if (messageBytes > largest) return `sockperf's largest ${flow.transport.toUpperCase()} message is ${largest} B, not ${messageBytes}`
  if (flow.transport === 'udp' && flow.via.length > 0) return 'proxychains4 relays TCP only'
  return null
}
