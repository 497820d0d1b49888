/** Where the time of a simulated point goes: the processor time of each stage per message, with its interval and its evidence. */
import { explainScenario } from '../models/index.js'
import type { Profile } from '../models/profiles/profile.js'
import type { Evidence, ExplainedPath } from '../models/topology/explanation.js'
import { mean } from '../sim/statistics/index.js'
import { calibrationHalfWidth, chanceHalfWidth, totalHalfWidth } from './estimate.js'
import { meanCounts, type SimulatedPoint } from './simulated-rows.js'
import type { StageRow } from './store/index.js'

export function simulatedStages({ point, records }: SimulatedPoint, profile: Profile): StageRow[] {
  const finished = records.filter((record) => record !== null)
  if (finished.length < records.length || finished.length === 0) return []
  const paths = explainScenario(point.scenario, profile)
  return finished[0]!.flows.flatMap((first, at) => {
    const replications = finished.map((record) => record.flows[at]!)
    const counts = meanCounts(replications)
    const names = [...new Set(replications.flatMap((replication) => replication.stages.map(({ stage }) => stage)))]
    return names.map((stage) => {
      const costs = replications.map((replication) => replication.stages.find((cost) => cost.stage === stage)?.costNs ?? 0)
      const own = Object.fromEntries(Object.entries(counts).filter(([name]) => name.startsWith(`${stage}.`)))
      return {
        point: point.id,
        flow: first.flow,
        model: point.model,
        stage,
        costNs: mean(costs),
        halfWidthNs: totalHalfWidth(chanceHalfWidth(costs), calibrationHalfWidth(profile, own)),
        evidence: weakestEvidence(paths, first.flow, stage),
      }
    })
  })
}

const strength: readonly Evidence[] = ['unobservable', 'counted', 'traced']

/** The weakest evidence of all places where the flow crosses the stage; one that no path names (the scheduler's, a timer's) can't be observed. */
function weakestEvidence(paths: readonly ExplainedPath[], flow: string, stage: string): Evidence {
  const found = paths
    .filter((path) => path.flow === flow)
    .flatMap((path) => path.stages.filter((explained) => explained.name === stage).map(({ evidence }) => evidence))
  return strength.find((evidence) => found.includes(evidence)) ?? 'unobservable'
}
