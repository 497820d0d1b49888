/**
 * The kernel's speed. The hold model (Vaucher and Duval, CACM 18(4), 1975): the queue keeps its size, each event is popped and pushed again
 * an exponential time later; flatqueue beside it, which keeps no order among equal times, checks nothing and carries one number. And M/M/1.
 */
import FlatQueue from 'flatqueue'
import { EventQueue } from '../../sim/event-queue.js'
import { exponential } from '../../sim/random/exponential.js'
import { createStream } from '../../sim/random/stream.js'
import { createWorld, serve } from '../oracles/queueing.js'
import type { Subject } from './measure.js'

const PENDING = [1e2, 1e4, 1e6]
const HOLDS = 1e6
const MEAN_NS = 1e6
const CUSTOMERS = 1e6

export function kernelSubjects(): Subject[] {
  return [...PENDING.flatMap((pending) => [hold(pending), holdFlatqueue(pending)]), mm1()]
}

/** Delays drawn beforehand, so that both queues do the same and nothing else. */
function delays(): Float64Array {
  const stream = createStream(71, 0, 0)
  return Float64Array.from({ length: 2 ** 16 }, () => Math.floor(exponential(stream, MEAN_NS)))
}

function hold(pending: number): Subject {
  const delayNs = delays()
  const queue = new EventQueue(pending)
  let next = 0
  const delay = () => delayNs[next++ & 0xffff]!
  for (let row = 0; row < pending; row++) queue.push(delay(), 0, row & 3, row)
  const batch = () => {
    for (let i = 0; i < HOLDS; i++) {
      queue.pop()
      queue.push(queue.timeNs + delay(), 0, queue.kind, queue.row)
    }
  }
  return { name: `hold, ${pending} pending`, eventsPerBatch: HOLDS, batch }
}

function holdFlatqueue(pending: number): Subject {
  const delayNs = delays()
  const queue = new FlatQueue<number>()
  let next = 0
  const delay = () => delayNs[next++ & 0xffff]!
  for (let row = 0; row < pending; row++) queue.push(row, delay())
  const batch = () => {
    for (let i = 0; i < HOLDS; i++) {
      const timeNs = queue.peekValue()!
      queue.push(queue.pop()!, timeNs + delay())
    }
  }
  return { name: `hold, ${pending} pending, flatqueue`, eventsPerBatch: HOLDS, batch }
}

/** A million customers at load 0.8, two events each: the declared model, addressed streams and statistics of the oracles' tests. */
function mm1(): Subject {
  let replication = 0
  const batch = () => {
    const world = createWorld({ servers: 1, meanServiceNs: 1000, service: 'exponential', load: 0.8 }, 72, replication++)
    serve(world, CUSTOMERS)
  }
  return { name: 'M/M/1, load 0.8', eventsPerBatch: 2 * CUSTOMERS, batch }
}
