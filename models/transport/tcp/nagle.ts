/**
 * Nagle's rule in Minshall's form, as Linux has it: a segment smaller than the MSS waits while an earlier small one is unacknowledged.
 * Source: RFC 896; Minshall, draft-minshall-nagle-01. Kernel: tcp_nagle_check(), tcp_minshall_check(), tcp_minshall_update().
 */
import type { World } from '../../engine/world.js'

/** Whether a last, partial segment must wait. */
export function heldByNagle(w: World, socket: number): boolean {
  if (w.socketNoDelay[socket] === 1) return false
  const unacked = w.socketUnackedSeq[socket]!
  if (w.socketSentSeq[socket]! === unacked) return false
  return w.socketSmallSeq[socket]! > unacked
}

/** Remembers the end of a segment that did not fill the MSS. */
export function rememberSmallSegment(w: World, socket: number, bytes: number): void {
  if (partialSegmentBytes(bytes, w.socketMssBytes[socket]!) !== 0) w.socketSmallSeq[socket] = w.socketSentSeq[socket]!
}

/** What is left of `bytes` after whole segments: the remainder, which `%` takes several times as long to find between doubles. */
export function partialSegmentBytes(bytes: number, mssBytes: number): number {
  return bytes - Math.floor(bytes / mssBytes) * mssBytes
}
