/**
 * From objects to arrays: the stages of a route that run inline become one burst per packet, a sum of coefficients.
 * How often a burst charges each coefficient is kept, so that its time can always be given back to its stages.
 */
import { coefficientIndex, coefficientNames } from '../stages/index.js'
import { udpReceive } from '../stages/udp.js'
import { clonesAt } from './clones.js'
import { type Crossing, type Route, staysOnLoopback } from './resolve.js'
import { type Flow, isUnix } from './scenario.js'

/** The wire between two bursts. */
export interface WireBetween {
  readonly rateBps: number
  readonly delayNs: number
}

/** A compiled route: burst, wire, burst, ...; on this testbed one burst and no wire. */
export interface CompiledRoute {
  readonly bursts: readonly Burst[]
  readonly wires: readonly WireBetween[]
  readonly mtuBytes: number
}

/** How often each coefficient is charged per packet, per packet of more than one segment, and per byte of payload. */
export interface Burst {
  readonly perPacket: Float64Array
  readonly perSuperPacket: Float64Array
  readonly perByte: Float64Array
}

export function compileRoute(route: Route, transport: Flow['transport']): CompiledRoute {
  const bursts: Burst[] = [emptyBurst()]
  const wires: WireBetween[] = []
  const isSegment = transport === 'tcp'
  const clones = clonesAt(route.crossings, isSegment)
  for (const [i, crossing] of route.crossings.entries()) {
    if (crossing.link !== undefined) {
      wires.push(crossing.link)
      bursts.push(emptyBurst())
    }
    charge(bursts[bursts.length - 1]!, crossing, { isSegment, isClone: clones[i]! })
  }
  if (!isSegment && !isUnix(transport) && !staysOnLoopback(route))
    bursts[bursts.length - 1]!.perPacket[coefficientIndex(udpReceive, 'perLookupNs')]! += 1
  return { bursts, wires, mtuBytes: route.mtuBytes }
}

function emptyBurst(): Burst {
  return { perPacket: zeros(), perSuperPacket: zeros(), perByte: zeros() }
}

function zeros(): Float64Array {
  return new Float64Array(coefficientNames.length)
}

interface Kind {
  readonly isSegment: boolean
  readonly isClone: boolean
}

function charge(burst: Burst, { law, entersNamespace, isTunnelled, rules = 0, matches = 0 }: Crossing, { isSegment, isClone }: Kind): void {
  for (const per of law.per) {
    const index = coefficientIndex(law, per)
    if (per === 'perByteNs') burst.perByte[index]! += 1
    else if (per === 'perNamespaceNs') burst.perPacket[index]! += entersNamespace === true ? 1 : 0
    else if (per === 'perCopyNs') burst.perPacket[index]! += isClone ? 1 : 0
    else if (per === 'perGroNs') burst.perPacket[index]! += isClone ? 0 : 1
    else if (per === 'perRuleNs') burst.perPacket[index]! += rules
    else if (per === 'perMatchNs') burst.perPacket[index]! += matches
    else if (per === 'perSegmentNs') burst.perPacket[index]! += isSegment && isTunnelled !== true ? 1 : 0
    else if (per === 'perSuperPacketNs') burst.perSuperPacket[index]! += 1
    else if (per === 'perPacketNs') burst.perPacket[index]! += 1
  }
}

/**
 * Nanoseconds of a burst's fixed or per-byte part under the profile's coefficients.
 * @throws RangeError where the burst charges a coefficient that the profile lacks (NaN)
 */
export function burstCost(counts: Float64Array, coefficients: Float64Array): number {
  let sum = 0
  for (let i = 0; i < counts.length; i++) {
    if (counts[i] === 0) continue
    if (Number.isNaN(coefficients[i]))
      throw new RangeError(`the profile has no coefficient ${coefficientNames[i]}, which this path charges`)
    sum += counts[i]! * coefficients[i]!
  }
  return sum
}
