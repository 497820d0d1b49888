/** What `explain` and `explain --prove` say of a stage alike: which it is, where it runs, and what it costs. */
import type { ExplainedStage } from '../../models/topology/explanation.js'
import { duration } from '../../reports/format/units.js'

type Placed = Pick<ExplainedStage, 'name' | 'namespace' | 'device' | 'context' | 'core' | 'costNs'>

export const stageHead: readonly string[] = ['namespace', 'device', 'context', 'core', 'cost']

/** Flush right: core and cost. */
export const stageNumbers: readonly number[] = [4, 5]

export function stageCells({ name, namespace, device, context, core, costNs }: Placed): string[] {
  return [name, namespace, device ?? '-', context, String(core), duration(costNs)]
}
