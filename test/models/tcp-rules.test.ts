/** TCP's rules one at a time, on a socket whose state is written down; test/conversations has them together. */
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { world } from '../../models/engine/world.js'
import { PUSHED, PUSHED_AGAIN } from '../../models/transport/tcp/acknowledge.js'
import { heldByNagle, rememberSmallSegment } from '../../models/transport/tcp/nagle.js'
import { INITIAL_RECEIVE_MSS_BYTES, measureReceiveMss } from '../../models/transport/tcp/receive-mss.js'
import { freeProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const SOCKET = 0
const MSS = 1448

function connection(): void {
  const scenario = smallScenario({ driver: 'bridge', noDelay: false })
  buildWorld(scenario, freeProfile(), { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 })
}

/** A socket that has sent up to `sent`, with everything before `unacked` acknowledged, and its last small segment ending at `small`. */
function sender(sent: number, unacked: number, small: number): void {
  connection()
  world.socketSentSeq[SOCKET] = sent
  world.socketUnackedSeq[SOCKET] = unacked
  world.socketSmallSeq[SOCKET] = small
}

describe('Nagle’s rule in Minshall’s form', () => {
  it('holds nothing while nothing is unacknowledged', () => {
    sender(100, 100, 100)
    expect(heldByNagle(SOCKET)).toBe(false)
  })

  it('holds a partial segment while an earlier small one is unacknowledged', () => {
    sender(100, 0, 100)
    expect(heldByNagle(SOCKET)).toBe(true)
  })

  it('holds nothing while only full segments are unacknowledged', () => {
    sender(100 + MSS, 100, 100)
    expect(heldByNagle(SOCKET)).toBe(false)
  })

  it('holds nothing with TCP_NODELAY', () => {
    sender(100, 0, 100)
    world.socketNoDelay[SOCKET] = 1
    expect(heldByNagle(SOCKET)).toBe(false)
  })

  it.each([
    [MSS, 0],
    [3 * MSS, 0],
    [MSS - 1, MSS - 1],
    [MSS + 1, MSS + 1],
  ])('after a packet of %d bytes the last small segment ends at %d', (bytes, small) => {
    sender(bytes, 0, 0)
    rememberSmallSegment(SOCKET, bytes)
    expect(world.socketSmallSeq[SOCKET]).toBe(small)
  })
})

describe('the receiver’s estimate of a segment', () => {
  const estimateAfter = (segments: readonly number[], push = false) => {
    connection()
    for (const bytes of segments) measureReceiveMss(SOCKET, bytes, bytes, push)
    return world.socketReceiveMssBytes[SOCKET]
  }

  it('starts at TCP_MSS_DEFAULT', () => {
    expect(estimateAfter([])).toBe(INITIAL_RECEIVE_MSS_BYTES)
  })

  it('grows to any larger segment at once', () => {
    expect(estimateAfter([1000])).toBe(1000)
    expect(estimateAfter([1000, MSS])).toBe(MSS)
  })

  it('shrinks only to a size that came twice in a row', () => {
    expect(estimateAfter([MSS, 1000])).toBe(MSS)
    expect(estimateAfter([MSS, 1000, 1000])).toBe(1000)
    expect(estimateAfter([MSS, 1000, MSS, 1000])).toBe(MSS)
    expect(estimateAfter([MSS, 1000, 900, 1000])).toBe(MSS)
  })

  it('never shrinks to a small segment that carries PSH: one of less than 536 bytes beside a header without time stamps', () => {
    expect(estimateAfter([MSS, 523, 523, 523], true)).toBe(MSS)
    expect(estimateAfter([MSS, 524, 524], true)).toBe(524)
  })

  it('shrinks to a small one without PSH, which must be full, down to TCP_MIN_MSS', () => {
    expect(estimateAfter([MSS, 76, 76])).toBe(76)
    expect(estimateAfter([MSS, 75, 75])).toBe(MSS)
  })

  it('notes a small segment as pushed, and a second one as pushed again', () => {
    connection()
    measureReceiveMss(SOCKET, 100, 100, true)
    expect(world.socketAckPending[SOCKET]).toBe(PUSHED)
    measureReceiveMss(SOCKET, 100, 100, true)
    expect(world.socketAckPending[SOCKET]).toBe(PUSHED | PUSHED_AGAIN)
  })

  it('notes a full segment as pushed only where it carries PSH', () => {
    connection()
    measureReceiveMss(SOCKET, MSS, MSS, false)
    expect(world.socketAckPending[SOCKET]).toBe(0)
    measureReceiveMss(SOCKET, MSS, MSS, true)
    expect(world.socketAckPending[SOCKET]).toBe(PUSHED)
  })
})
