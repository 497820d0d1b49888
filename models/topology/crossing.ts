import type { CostLaw } from '../stages/law.js'

/** One stage of a path, at the device and in the namespace where it runs. */
export interface Crossing {
  readonly law: CostLaw
  readonly namespace: string
  readonly device: string
  /** A veth pair whose far end is in another namespace. */
  readonly entersNamespace?: boolean
  /** The device that the packet comes out at, where that is not the other end of a pair. */
  readonly into?: { readonly namespace: string; readonly device: string }
  /** Between a tunnel's ends: what passes is a datagram, whatever it holds. */
  readonly isTunnelled?: true
  /** Rules of a chain before the packet's own. */
  readonly rules?: number
  /** Extensions that these rules and the packet's own call. */
  readonly matches?: number
  /** Present on a physical link: what the packet waits for there. */
  readonly link?: { readonly rateBps: number; readonly delayNs: number }
}
