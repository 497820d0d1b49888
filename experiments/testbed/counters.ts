/** What the kernel counts while a flow runs: packets of each device, and the protocol counters of each namespace. */
import type { Layout } from '../../models/topology/layout.js'
import type { BuiltLayout } from './build.js'
import { command } from './command.js'
import { deviceName } from './kernel-names.js'
import { type DeviceKey, deviceKey } from './path.js'

export interface DeviceCounters {
  readonly rxPackets: number
  readonly txPackets: number
  readonly rxBytes: number
  readonly txBytes: number
  readonly dropped: number
}

export interface Counters {
  readonly devices: Readonly<Record<DeviceKey, DeviceCounters>>
  /** `Tcp.OutSegs`, `TcpExt.DelayedACKs`, ..., of each namespace: /proc/net/snmp and /proc/net/netstat. */
  readonly protocols: Readonly<Record<string, Readonly<Record<string, number>>>>
}

interface LinkStatistics {
  readonly ifname: string
  readonly stats64: Readonly<Record<'rx' | 'tx', { readonly bytes: number; readonly packets: number; readonly dropped: number }>>
}

export async function readCounters(built: BuiltLayout): Promise<Counters> {
  const devices: Record<DeviceKey, DeviceCounters> = {}
  const protocols: Record<string, Record<string, number>> = {}
  for (const { name } of built.layout.namespaces) {
    const layoutNames = namesIn(built.layout, name)
    for (const link of JSON.parse(await command(['ip', '-n', built.kernelName(name), '-s', '-j', 'link', 'show'])) as LinkStatistics[]) {
      const layoutName = layoutNames.get(link.ifname)
      if (layoutName === undefined) continue
      const { rx, tx } = link.stats64
      devices[deviceKey(name, layoutName)] = {
        rxPackets: rx.packets,
        txPackets: tx.packets,
        rxBytes: rx.bytes,
        txBytes: tx.bytes,
        dropped: rx.dropped + tx.dropped,
      }
    }
    protocols[name] = parseProtocols(
      await command(['ip', 'netns', 'exec', built.kernelName(name), 'cat', '/proc/net/snmp', '/proc/net/netstat']),
    )
  }
  return { devices, protocols }
}

/** Devices of a namespace, kernel's name to layout's; `sit0` and its like, which some kernels put everywhere, are in no layout. */
function namesIn(layout: Layout, namespace: string): Map<string, string> {
  const own = layout.devices
    .filter((device) => device.namespace === namespace)
    .map((device): [string, string] => [deviceName(device.name), device.name])
  return new Map([['lo', 'lo'], ...own])
}

/** Pairs of lines, names above and numbers below, each led by its protocol: proc_net_snmp(5). */
export function parseProtocols(text: string): Record<string, number> {
  const lines = text.split('\n').filter((line) => line.includes(':'))
  const counters: Record<string, number> = {}
  for (let i = 0; i + 1 < lines.length; i += 2) {
    const [protocol, ...names] = lines[i]!.trim().split(/\s+/)
    const [, ...numbers] = lines[i + 1]!.trim().split(/\s+/)
    names.forEach((name, index) => {
      counters[`${protocol!.slice(0, -1)}.${name}`] = Number(numbers[index])
    })
  }
  return counters
}

/** What was counted between two readings; protocol counters that stood still are left out. */
export function countedBetween(before: Counters, after: Counters): Counters {
  const devices = Object.fromEntries(
    Object.entries(after.devices).map(([key, now]): [DeviceKey, DeviceCounters] => {
      const then = before.devices[key]
      return [
        key,
        {
          rxPackets: now.rxPackets - (then?.rxPackets ?? 0),
          txPackets: now.txPackets - (then?.txPackets ?? 0),
          rxBytes: now.rxBytes - (then?.rxBytes ?? 0),
          txBytes: now.txBytes - (then?.txBytes ?? 0),
          dropped: now.dropped - (then?.dropped ?? 0),
        },
      ]
    }),
  )
  const protocols = Object.fromEntries(
    Object.entries(after.protocols).map(([namespace, now]) => [
      namespace,
      Object.fromEntries(
        Object.entries(now)
          .map(([name, value]): [string, number] => [name, value - (before.protocols[namespace]?.[name] ?? 0)])
          .filter(([, value]) => value !== 0),
      ),
    ]),
  )
  return { devices, protocols }
}
