import { world } from '../engine/world.js'

/** What the clock shows a process: work that is charged but not yet spent has been done, its noise and interruptions come with the spending. */
export function clockNs(core: number): number {
  return world.coreTimeNs[core]! + world.corePendingNs[core]!
}
