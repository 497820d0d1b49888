/** What a packet costs on a route, added up crossing by crossing from plain objects: slow, and shares no code with `compile.ts`. */
import type { Crossing } from '../../models/topology/resolve.js'

export interface SimplePacket {
  readonly fragments: number
  readonly bytes: number
  readonly moreThanOneSegment: boolean
}

/** Nanoseconds of processor time between two wires, in order. */
export function interpretRoute(crossings: readonly Crossing[], packet: SimplePacket, costOf: (coefficient: string) => number): number[] {
  const times = [0]
  const crossed = new Set<string>()
  for (const { law, link, entersNamespace, rules = 0 } of crossings) {
    if (link !== undefined) {
      times.push(0)
      crossed.clear()
    }
    for (const per of law.per) {
      const cost = costOf(`${law.stage}.${per}`)
      const charges: Record<string, number> = {
        perPacketNs: packet.fragments,
        perNamespaceNs: entersNamespace === true ? packet.fragments : 0,
        perRunNs: crossed.has(law.stage) ? 0 : packet.fragments,
        perRuleNs: rules * packet.fragments,
        perByteNs: packet.bytes,
        perSuperPacketNs: packet.moreThanOneSegment ? 1 : 0,
      }
      const count = charges[per]
      if (count === undefined) throw new Error(`${law.stage} stands on a route and charges ${per}`)
      times[times.length - 1]! += cost * count
    }
    crossed.add(law.stage)
  }
  return times
}
