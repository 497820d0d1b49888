/** Which points of one network model a report compares with one another. */
import type { PointPair } from '../experiments/comparison.js'
import type { Experiment, Point } from '../experiments/experiment.js'
import { axisOf, panelOf } from './axes.js'
import type { Report } from './report.js'

type Ids = readonly [from: string, to: string]

/** The first point of every panel with that of the first one, and sizes that are one apart: the sides of a step. */
export function wantedPointPairs(experiment: Experiment): Ids[] {
  const flows = [...new Set(experiment.points.flatMap(({ scenario }) => Object.keys(scenario.flows)))]
  const wanted = flows.flatMap((flow) =>
    experiment.models.flatMap((model): Ids[] => {
      const own = experiment.points.filter((point) => point.model === model)
      return [...acrossPanels(experiment, flow, own), ...stepsAlong(experiment, flow, own)]
    }),
  )
  return [...new Map(wanted.map((ids) => [ids.join('\n'), ids])).values()]
}

function byPanel(experiment: Experiment, flow: string, points: readonly Point[]): Point[][] {
  const axis = axisOf(experiment, flow)
  const panels = new Map<string, Point[]>()
  for (const point of points) {
    const panel = panelOf(experiment, axis, point.values)
    panels.set(panel, [...(panels.get(panel) ?? []), point])
  }
  return [...panels.values()]
}

function acrossPanels(experiment: Experiment, flow: string, points: readonly Point[]): Ids[] {
  const heads = byPanel(experiment, flow, points).map(([head]) => head!.id)
  return heads.slice(1).map((id): Ids => [heads[0]!, id])
}

function stepsAlong(experiment: Experiment, flow: string, points: readonly Point[]): Ids[] {
  const axis = axisOf(experiment, flow)
  // One more container that starts is no byte beyond a packet.
  if (axis === null || axis.key.endsWith('.workload.at-once')) return []
  const at = ({ values }: Point): number => values[axis.key] as number
  return byPanel(experiment, flow, points).flatMap((own) =>
    own.flatMap((point): Ids[] => {
      const next = own.find((other) => at(other) === at(point) + 1)
      return next === undefined ? [] : [[point.id, next.id]]
    }),
  )
}

/** Undefined where none was made: of measured rows, and of a single replication. */
export function pointPairOf(
  report: Report,
  from: string,
  to: string,
  flow: string,
  metric: string,
  statistic: string,
): PointPair['pair'] | undefined {
  return report.pointPairs?.find(
    (one) => one.from === from && one.to === to && one.pair.flow === flow && one.pair.metric === metric && one.pair.statistic === statistic,
  )?.pair
}
