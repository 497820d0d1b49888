import { world } from './world.js'

/** The kernel's clock tick count at a simulated time: timers are set and fire in whole ones (CONFIG_HZ). */
export function jiffies(timeNs: number): number {
  return Math.floor(timeNs / world.jiffyNs)
}
