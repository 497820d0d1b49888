/**
 * Whether M/M/1 through the public kernel grows with simulated time. `growth SLICES EVENTS` prints a line of JSON for each slice of a run:
 * what an event cost, and what the process held at its end. With `--max-semi-space-size` so large that nothing is collected meanwhile, what
 * is added to the heap is what was allocated; without, it is what a user's process holds.
 */
import { createWorld, serve } from './mm1.js'

export interface Slice {
  /** Events handled since the run's beginning, and simulated time, s. */
  readonly events: number
  readonly simulatedS: number
  /** Wall time of an event of this slice, ns. */
  readonly ns: number
  /** At the slice's end, MiB. */
  readonly heapMiB: number
  readonly rssMiB: number
}

const EVENTS_PER_CUSTOMER = 2
const MIB = 2 ** 20

const [slices = '10', events = '1e6'] = process.argv.slice(2)
const customers = Number(events) / EVENTS_PER_CUSTOMER
// What a first run compiles is compiled here.
for (let run = 0; run < 3; run++) serve(createWorld(0.8, 1, run), 5e5)
const world = createWorld(0.8, 1, 3)
serve(world, 1000)
const startedNs = world.queue.timeNs
let handled = 0
for (let slice = 0; slice < Number(slices); slice++) {
  const start = performance.now()
  const outcome = serve(world, customers)
  const ns = ((performance.now() - start) * 1e6) / outcome.events
  handled += outcome.events
  const { heapUsed, rss } = process.memoryUsage()
  const line: Slice = {
    events: handled,
    simulatedS: (world.queue.timeNs - startedNs) / 1e9,
    ns,
    heapMiB: heapUsed / MIB,
    rssMiB: rss / MIB,
  }
  console.log(JSON.stringify(line))
}
