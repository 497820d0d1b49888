/**
 * Whether an event's cost grows: with simulated time (M/M/1 over 10^7 events, slice by slice, with what each slice left on the heap) and with
 * the number of events pending (hold model). Started with a young generation so large that nothing is collected meanwhile:
 * what is on the heap afterwards is what was allocated.
 */
import { holdWithQueue } from './hold.js'
import { createWorld, serve } from './mm1.js'

const SLICES = 10
const CUSTOMERS = 5e5

serve(createWorld(0.8, 1, 0), CUSTOMERS)
const world = createWorld(0.8, 1, 1)
for (let slice = 1; slice <= SLICES; slice++) {
  const before = process.memoryUsage()
  const start = performance.now()
  const { events } = serve(world, CUSTOMERS)
  const ns = ((performance.now() - start) * 1e6) / events
  const after = process.memoryUsage()
  console.log(
    JSON.stringify({
      simulatedS: world.queue.timeNs / 1e9,
      events,
      ns,
      bytesPerEvent: (after.heapUsed - before.heapUsed) / events,
      rssMiB: after.rss / 2 ** 20,
    }),
  )
}
for (const pending of [1, 2, 5, 10, 30, 100, 300, 1e3, 1e4, 1e5, 1e6]) {
  const hold = holdWithQueue(pending)
  hold(1e6)
  const times = Array.from({ length: 3 }, () => {
    const start = performance.now()
    hold(1e6)
    return performance.now() - start
  }).sort((a, b) => a - b)
  console.log(JSON.stringify({ pending, ns: times[1]! }))
}
