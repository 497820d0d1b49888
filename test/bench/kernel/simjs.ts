/** M/M/1 in simjs as its tutorial writes it: a source that sets a timer for each arrival, and a facility that serves first come first served. */
import { createRequire } from 'node:module'
import { createStream, exponential } from '../../../sim/index.js'

// Its bundle exports nothing and hangs itself on a page's window.
// biome-ignore lint/suspicious/noExplicitAny: simjs has no types
const page = { Sim: {} as any }
Object.assign(globalThis, { window: page })
createRequire(import.meta.url)('simjs')
Object.assign(globalThis, { window: undefined })
const { Sim, Entity, Facility } = page.Sim

export function simjsMm1(customers: number, replication: number): void {
  const arrivals = createStream(1, replication, 0)
  const services = createStream(1, replication, 1)
  const sim = new Sim()
  const server = new Facility('server')
  let left = 0
  class Source extends Entity {
    start() {
      this.come()
    }
    come() {
      // simjs simulates until a time, so the source stops when enough have come.
      if (left++ < customers) this.setTimer(exponential(arrivals, 1.25e6)).done(this.come)
      this.useFacility(server, exponential(services, 1e6))
    }
  }
  sim.addEntity(Source)
  sim.simulate(Number.MAX_SAFE_INTEGER)
}
