import type { World } from './world.js'

/** The kernel's clock tick count at a simulated time: timers are set and fire in whole ones (CONFIG_HZ). */
export function jiffies(w: World, timeNs: number): number {
  return Math.floor(timeNs / w.jiffyNs)
}
