/** Which packets on a route somebody else still holds a copy of. */
import type { Crossing } from './crossing.js'

/**
 * Whether a packet reaches each crossing as a clone: a TCP segment is one as long as its sender keeps the original. It is none any more where a
 * namespace that forwards it has copied it (skb_cow()), nor behind a wire, where it is a network card's packet. Kernel: tcp_transmit_skb(), skb_cloned().
 */
export function clonesAt(crossings: readonly Crossing[], isSegment: boolean): boolean[] {
  let isClone = isSegment
  return crossings.map(({ law, link }) => {
    if (link !== undefined) isClone = false
    const arrives = isClone
    if (law.per.includes('perCopyNs')) isClone = false
    return arrives
  })
}
