/**
 * Nagle's rule in Minshall's form, as Linux has it: a segment smaller than the MSS waits while an earlier small one is unacknowledged.
 * Source: RFC 896; Minshall, draft-minshall-nagle-01. Kernel: tcp_nagle_check(), tcp_minshall_check(), tcp_minshall_update().
 */
import { world } from '../../engine/world.js'

/** Whether a last, partial segment must wait. */
export function heldByNagle(socket: number): boolean {
  if (world.socketNoDelay[socket] === 1) return false
  const unacked = world.socketUnackedSeq[socket]!
  if (world.socketSentSeq[socket]! === unacked) return false
  return world.socketSmallSeq[socket]! > unacked
}

/** Remembers the end of a segment that did not fill the MSS. */
export function rememberSmallSegment(socket: number, bytes: number): void {
  if (partialSegmentBytes(bytes, world.socketMssBytes[socket]!) !== 0) world.socketSmallSeq[socket] = world.socketSentSeq[socket]!
}

/** What is left of `bytes` after whole segments: the remainder, which `%` takes several times as long to find between doubles. */
export function partialSegmentBytes(bytes: number, mssBytes: number): number {
  return bytes - Math.floor(bytes / mssBytes) * mssBytes
}
