/** Conversations drawn at random: what both ends do, without the packets that follow. */
import { createStream } from '../../sim/index.js'

const SIZES = [1, 64, 100, 500, 536, 1000, 1448, 1449, 2000, 2896, 5000]
const WAITS_MS = [1, 10, 60, 300]
const OPENINGS = ['client nagle', 'server nagle', 'client quick-ack', 'server quick-ack', 'mss 8948']
const ACTS = 14

/** No window is nearly full: what leaves then hangs on round trips (tcp_tso_should_defer()), which have no length in the model's scripts. */
export function randomScript(seed: number): string {
  const stream = createStream(seed, 0, 0)
  const pick = <T>(from: readonly T[]): T => from[Math.floor(stream.uniform() * from.length)]!
  const given = OPENINGS.filter(() => stream.uniform() < 0.25)
  const lines = [`# Drawn with seed ${seed}.`, ...(given.length > 0 ? [`given ${given.join(', ')}`] : [])]
  const unread = [0, 0]
  for (let act = 0; act < ACTS; act++) {
    const end = pick([0, 1])
    const name = ['client', 'server'][end]!
    const draw = stream.uniform()
    if (draw < 0.45) {
      const bytes = pick(SIZES)
      unread[1 - end]! += bytes
      lines.push(`${name} sends ${bytes}`)
    } else if (draw < 0.85) {
      if (unread[end] === 0) continue
      unread[end] = 0
      // What Nagle holds back comes with a delayed acknowledgement at the latest.
      if (given.includes(`${['client', 'server'][1 - end]} nagle`)) lines.push('wait 60 ms')
      lines.push(`${name} reads`)
    } else lines.push(`wait ${pick(WAITS_MS)} ms`)
  }
  return [...lines, 'wait 100 ms', ''].join('\n')
}
