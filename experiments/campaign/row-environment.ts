/** The environment of a measured row: what FORMATS lists, of the machine and of the run. */
import { layOut } from '../../models/topology/layout.js'
import { stackSettings } from '../testbed/stack-settings.js'
import { stallsOf } from '../testbed/stalls.js'
import type { PlannedPoint } from './plan.js'
import type { RawRun } from './raw.js'

export function environmentOfRun(planned: PlannedPoint, flowName: string, raw: RawRun): Record<string, unknown> {
  const { scenario } = planned.point
  const flow = scenario.flows[flowName]!
  const measurement = raw.measurement!
  const measured = measurement.flows[flowName]!
  const settings = stackSettings(scenario.tcp, { holdsBridge: true, forwards: false })
  const processes = [flow.from, ...flow.via, flow.to]
  const stalls = stallsOf(layOut(scenario), flow, measured.sketch, measurement.counted, measured.result.total.received)
  const isStart = flow.workload.kind === 'start'
  const { instruments, ...machine } = raw.environment
  return {
    ...machine,
    instruments,
    ...raw.quiet,
    // Absent where Fairway's own commands have built it.
    ...(scenario.engine === undefined ? {} : { engine: scenario.engine }),
    idle: [...new Set(Object.values(scenario.machines).map((each) => each.idle))].join(', '),
    placed: Object.fromEntries(processes.map((name) => [name, measurement.placed[name]])),
    switchesPerMessage: Object.fromEntries(processes.map((name) => [name, roundedSwitches(measurement.switches[name] ?? null)])),
    noDelay: Object.fromEntries(processes.map((name) => [name, (scenario.containers[name] ?? scenario.proxies[name])?.noDelay])),
    congestionControl: scenario.tcp.congestionControl,
    tcpRmem: settings['net.ipv4.tcp_rmem'],
    tcpWmem: settings['net.ipv4.tcp_wmem'],
    quickAck: scenario.tcp.quickAck,
    offloads: scenario.tcp.offloads,
    rps: scenario.tcp.rps,
    bridgeNfCallIptables: scenario.tcp.bridgeNfCallIptables,
    unsettled: raw.unsettled,
    qdiscs: raw.qdiscs,
    neighbours: isStart ? 'asked for by each container that starts' : 'static',
    writeBytes: flow.workload.messageBytes,
    readBytes: flow.workload.kind === 'stream' ? flow.workload.readBytes : flow.workload.messageBytes,
    seconds: measurement.seconds,
    ...(measured.result.stream !== undefined && { stream: measured.result.stream }),
    ...(measured.result.load !== undefined && { latenessNs: measured.result.load.latenessNs, lost: measured.result.dropped }),
    ...(measurement.throttled !== undefined && {
      throttledShare: Object.fromEntries(Object.entries(measurement.throttled).map(([name, share]) => [name, rounded(share)])),
    }),
    ...(!isStart &&
      flow.workload.kind !== 'stream' && {
        stalledShare: rounded(stalls.share),
        delayedAcksPerMessage: { request: rounded(stalls.request), reply: rounded(stalls.reply) },
      }),
  }
}

/** Older raw runs have no time on a core. */
function roundedSwitches(switches: { readonly voluntary: number; readonly involuntary: number; readonly runNs?: number } | null): unknown {
  if (switches === null) return null
  const { voluntary, involuntary, runNs } = switches
  return {
    voluntary: rounded(voluntary),
    involuntary: rounded(involuntary),
    ...(runNs !== undefined && { runNs: Math.round(runNs) }),
  }
}

function rounded(value: number | null): number | null {
  return value === null ? null : Math.round(value * 1e4) / 1e4
}
