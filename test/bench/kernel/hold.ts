/**
 * The hold model (Vaucher and Duval, CACM 18(4), 1975): the queue keeps its size; each event is popped and pushed again an exponential time
 * later. By the public queue, and by flatqueue beside it, which keeps no order among equal times, checks nothing and carries one number.
 */
import FlatQueue from 'flatqueue'
import { createStream, EventQueue, exponential } from '../../../sim/index.js'

const MEAN_NS = 1e6

export function holdWithQueue(pending: number): (holds: number) => void {
  const delays = createStream(71, 0, 0)
  const queue = new EventQueue()
  for (let row = 0; row < pending; row++) queue.push(Math.floor(exponential(delays, MEAN_NS)), 0, row & 3, row)
  return (holds) => {
    for (let i = 0; i < holds; i++) {
      queue.pop()
      queue.push(queue.timeNs + Math.floor(exponential(delays, MEAN_NS)), 0, queue.kind, queue.row)
    }
  }
}

export function holdWithFlatqueue(pending: number): (holds: number) => void {
  const delays = createStream(71, 0, 0)
  const queue = new FlatQueue<number>()
  for (let row = 0; row < pending; row++) queue.push(row, Math.floor(exponential(delays, MEAN_NS)))
  return (holds) => {
    for (let i = 0; i < holds; i++) {
      const timeNs = queue.peekValue()!
      queue.push(queue.pop()!, timeNs + Math.floor(exponential(delays, MEAN_NS)))
    }
  }
}
