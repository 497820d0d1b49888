/**
 * The same M/M/1 as a loop written by hand for it alone: two variables are its future event list, nothing is declared, checked or counted.
 * What the public interface costs is the difference.
 */
import { createStream, exponential } from '../../../sim/index.js'

const PLACES = 2 ** 16

/** @returns mean time in system, ns */
export function bareMm1(customers: number, replication: number): number {
  const arrivals = createStream(1, replication, 0)
  const services = createStream(1, replication, 1)
  const cameNs = new Float64Array(PLACES)
  let arrivalNs = 0
  let departureNs = Number.POSITIVE_INFINITY
  let head = 0
  let inside = 0
  let left = 0
  let area = 0
  let changedNs = 0
  let mean = 0
  let squares = 0
  while (left < customers) {
    if (arrivalNs <= departureNs) {
      const nowNs = arrivalNs
      area += inside * (nowNs - changedNs)
      changedNs = nowNs
      cameNs[(head + inside++) & (PLACES - 1)] = nowNs
      arrivalNs = nowNs + Math.floor(exponential(arrivals, 1.25e6))
      if (inside === 1) departureNs = nowNs + Math.floor(exponential(services, 1e6))
    } else {
      const nowNs = departureNs
      area += inside * (nowNs - changedNs)
      changedNs = nowNs
      const before = nowNs - cameNs[head]! - mean
      mean += before / ++left
      squares += before * (nowNs - cameNs[head]! - mean)
      head = (head + 1) & (PLACES - 1)
      departureNs = --inside > 0 ? nowNs + Math.floor(exponential(services, 1e6)) : Number.POSITIVE_INFINITY
    }
  }
  if (!(area > 0 && squares > 0)) throw new Error('nothing was simulated')
  return mean
}
