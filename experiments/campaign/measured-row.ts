/** What all measured rows have in common. */

import { metricOf } from '../../models/topology/scenario.js'
import { hashText } from '../../sim/index.js'
import { canonicalJson } from '../canonical-json.js'
import type { Row } from '../rows.js'
import type { PlannedPoint } from './plan.js'

/** What differs from row to row of one point; the metric is the flow's own, in nanoseconds, unless it says another. */
export type Measured = Pick<
  Row,
  | 'level'
  | 'flow'
  | 'statistic'
  | 'value'
  | 'halfWidth'
  | 'halfWidthKind'
  | 'confidence'
  | 'messages'
  | 'runs'
  | 'block'
  | 'repeat'
  | 'sketch'
  | 'proof'
  | 'limits'
  | 'environment'
> &
  Partial<Pick<Row, 'metric' | 'unit'>>

/** A row of a campaign: its id names the measurement, so that none replaces another. */
export function measuredRow({ role, experiment, point }: PlannedPoint, campaign: string, measured: Measured): Row {
  const { level, flow, statistic, block, repeat } = measured
  const { metric = metricOf(point.scenario.flows[flow]!.workload) } = measured
  const id = { kind: 'measured', level, experiment, point: point.id, flow, metric, statistic, campaign, block, repeat }
  return {
    rowId: hashText(canonicalJson(id)),
    experiment,
    point: point.id,
    model: point.model,
    source: 'measured',
    role,
    metric,
    unit: 'ns',
    seed: null,
    replication: null,
    profileHash: null,
    modelHash: null,
    campaign,
    trust: null,
    ...measured,
  }
}
