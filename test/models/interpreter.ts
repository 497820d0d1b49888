/** What a packet costs on a route, added up crossing by crossing from plain objects: slow, and shares no code with `compile.ts`. */
import type { Crossing } from '../../models/topology/resolve.js'
import type { Flow } from '../../models/topology/scenario.js'

export interface SimplePacket {
  readonly fragments: number
  readonly bytes: number
  readonly moreThanOneSegment: boolean
}

/** Nanoseconds of processor time between two wires, in order. */
export function interpretRoute(
  crossings: readonly Crossing[],
  transport: Flow['transport'],
  packet: SimplePacket,
  costOf: (coefficient: string) => number,
): number[] {
  const times = [0]
  const crossed = new Set<string>()
  for (const { law, link, entersNamespace, isTunnelled, rules = 0, matches = 0 } of crossings) {
    if (link !== undefined) {
      times.push(0)
      crossed.clear()
    }
    const isCopied = crossed.has('ip.forward') || times.length > 1
    for (const per of law.per) {
      const cost = costOf(`${law.stage}.${per}`)
      const charges: Record<string, number> = {
        perPacketNs: packet.fragments,
        perNamespaceNs: entersNamespace === true ? packet.fragments : 0,
        perSegmentNs: transport === 'tcp' && isTunnelled !== true ? packet.fragments : 0,
        perCopyNs: transport === 'tcp' && !isCopied ? packet.fragments : 0,
        perGroNs: transport === 'tcp' && !isCopied ? 0 : packet.fragments,
        perRuleNs: rules * packet.fragments,
        perMatchNs: matches * packet.fragments,
        perByteNs: packet.bytes,
        perSuperPacketNs: packet.moreThanOneSegment ? 1 : 0,
      }
      const count = charges[per]
      if (count === undefined) throw new Error(`${law.stage} stands on a route and charges ${per}`)
      times[times.length - 1]! += cost * count
    }
    crossed.add(law.stage)
  }
  const isLocal = crossings.every(({ law }) => law.stage === 'loopback.transmit')
  if (transport === 'udp' && !isLocal) times[times.length - 1]! += packet.fragments * costOf('udp.receive.perLookupNs')
  return times
}
