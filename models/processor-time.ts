/** Processor time of a message: what its stages cost, without those in which time passes and no core works. */
import type { StageCost } from './simulation.js'
import { stages } from './stages/index.js'
import { coreWait, lockWait } from './stages/start.js'

const passing = new Set([...stages.filter(({ keepsCore }) => keepsCore === false).map(({ stage }) => stage), lockWait, coreWait])

/** @returns ns */
export function processorTimeNs(costs: readonly StageCost[]): number {
  return costs.reduce((sum, { stage, costNs }) => sum + (passing.has(stage) ? 0 : costNs), 0)
}
