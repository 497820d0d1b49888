/** `fairway explain EXPERIMENT`: the stages that each path crosses, there and back, before anything runs. */
import type { Command } from 'commander'
import type { DefaultInForce } from '../../experiments/experiment.js'
import type { ExplainedPath } from '../../models/topology/explanation.js'
import { duration } from '../../reports/format/units.js'
import { printWarnings, requireCalibrated } from '../check-experiment.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { alignColumns } from '../format/columns.js'
import { loadExperiments } from '../load-experiments.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'

interface Options extends SharedOptions {
  readonly profile?: string
  readonly prove?: boolean
  readonly wait?: number
  readonly defaults?: boolean
}

export function define(command: Command): void {
  command
    .argument('<experiment>', 'an experiment file, or the name of one that ships')
    .option('--profile <file|name>', "the profile whose costs are shown (default: the experiment's, else the bundled one)")
    .option('--prove', 'build it, send messages, and hold every stage against what the kernel shows (root, Linux; 3 where it contradicts)')
    .option('--wait <seconds>', "with --prove: wait for somebody else's campaign instead of ending with exit code 4", wholeNumber(0))
  act<Options>(command, async (screen, [name], options) => {
    const [loaded] = loadExperiments([name as string])
    const { experiment } = loaded!
    const { defaults } = experiment
    const profile = findProfile(options.profile ?? experiment.profile)
    if (options.prove) {
      const { proveExperiment } = await import('../prove-experiment.js')
      return proveExperiment(screen, experiment, profile, options.wait ?? 0)
    }
    printWarnings(screen, loaded!)
    requireCalibrated(loaded!, profile)
    const { explain } = await import('../../experiments/library.js')
    // Each network model once, at its first point: the sweep's other keys change costs, not the stages.
    const paths = explain(experiment, { profile })
    screen.print([experiment.question, ...paths.map(describe), describeDefaults(defaults)].join('\n\n'))
    screen.document({ experiment: experiment.name, profile: profile.name, paths, defaults })
    return exitCode.done
  })
}

function describe({ model, flow, direction, stages }: ExplainedPath): string {
  const sum = stages.reduce((total, stage) => total + stage.costNs, 0)
  const table = alignColumns(
    [
      ['stage', 'namespace', 'device', 'context', 'core', 'cost', 'share', 'evidence'],
      ...stages.map((stage) => [
        stage.name,
        stage.namespace,
        stage.device ?? '-',
        stage.context,
        String(stage.core),
        duration(stage.costNs),
        `${(stage.share * 100).toFixed(1)} %`,
        stage.evidence,
      ]),
    ],
    { right: [4, 5, 6] },
  )
  return `${model}  ${flow}, ${direction}: ${stages.length} stages, ${duration(sum)}\n${table}`
}

function describeDefaults(defaults: readonly DefaultInForce[]): string {
  const rows = defaults.map(({ path, value, meaning, models }) => [path, value, models === null ? '' : `(${models.join(', ')})`, meaning])
  return `defaults in force\n${alignColumns(rows)}`
}
