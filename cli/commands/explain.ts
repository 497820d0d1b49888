/** `fairway explain EXPERIMENT`: the stages that each path crosses, there and back, before anything runs. */
import type { Command } from 'commander'
import type { DefaultInForce, Experiment, PointValue } from '../../experiments/experiment.js'
import type { PointLimit } from '../../experiments/limits.js'
import type { ExplainedPath } from '../../models/topology/explanation.js'
import { placeOf } from '../../reports/axes.js'
import { significant } from '../../reports/format/estimate.js'
import { duration } from '../../reports/format/units.js'
import { printWarnings, requireCalibrated } from '../check-experiment.js'
import { exitCode } from '../exit-code.js'
import { findProfile } from '../find-profile.js'
import { alignColumns } from '../format/columns.js'
import { widthOf } from '../format/fold.js'
import { stageCells, stageHead, stageNumbers } from '../format/stage-cells.js'
import { loadExperiments } from '../load-experiments.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'

interface Options extends SharedOptions {
  readonly profile?: string
  readonly prove?: boolean
  readonly load?: boolean
  readonly wait?: number
  readonly defaults?: boolean
}

export function define(command: Command): void {
  command
    .argument('<experiment>', 'an experiment file, or the name of one that ships')
    .option('--profile <file|name>', "the profile whose costs are shown (default: the experiment's, else the bundled one)")
    .option('--prove', 'build it, send messages, and hold every stage against what the kernel shows (root, Linux; 3 where it contradicts)')
    .option('--load', 'simulate each point briefly, and say what limits it: the resource that binds, how busy it is, and the next one')
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
    if (options.load) {
      const { limitsOf } = await import('../../experiments/limits.js')
      const limits = limitsOf(experiment, profile)
      screen.print(describeLimits(experiment, limits))
      screen.document({ experiment: experiment.name, profile: profile.name, limits })
      return exitCode.done
    }
    const { explain } = await import('../../experiments/library.js')
    // Each network model once, at its first point: the sweep's other keys change costs, not the stages.
    const paths = explain(experiment, { profile })
    screen.print(
      [experiment.question, ...paths.map((path) => describe(path, widthOf(process.stdout))), SUMS, describeDefaults(defaults)].join('\n\n'),
    )
    screen.document({ experiment: experiment.name, profile: profile.name, paths, defaults })
    return exitCode.done
  })
}

const SUMS =
  'Each sum counts every stage once. What a message takes comes from `run`: two\ncores work at the same time, a process that has its core needs no switch, and\nwaiting, timers and interruptions come on top.'

/** @param width of the terminal; where it is too narrow for all columns, namespace and core stand above the stages that they hold */
function describe({ model, flow, direction, stages }: ExplainedPath, width: number | null): string {
  const sum = stages.reduce((total, stage) => total + stage.costNs, 0)
  const title = `${model}  ${flow}, ${direction}: ${stages.length} stages, ${duration(sum)}`
  const whole = wholeTable(stages)
  const isWide = width !== null && whole.split('\n').some((line) => line.length > width)
  return `${title}\n${isWide ? tableByNamespace(stages) : whole}`
}

type Stages = ExplainedPath['stages']

const cellsOf = (stage: Stages[number]): string[] => [...stageCells(stage), `${(stage.share * 100).toFixed(1)} %`, stage.evidence]

const table = (stages: Stages): string[][] => [['stage', ...stageHead, 'share', 'evidence'], ...stages.map(cellsOf)]

function wholeTable(stages: Stages): string {
  return alignColumns(table(stages), { right: [...stageNumbers, 6] })
}

function tableByNamespace(stages: Stages): string {
  const narrow = table(stages).map(([stage, _namespace, device, context, _core, ...others]) => [stage!, device!, context!, ...others])
  const [head, ...lines] = alignColumns(narrow, { right: [3, 4] }).split('\n')
  const headingOf = ({ namespace, core }: Stages[number]): string => `${namespace}, core ${core}`
  const grouped = lines.flatMap((line, i) => {
    const heading = headingOf(stages[i]!)
    return i > 0 && headingOf(stages[i - 1]!) === heading ? [line] : [heading, line]
  })
  return [head, ...grouped].join('\n')
}

function describeLimits(experiment: Experiment, limits: readonly PointLimit[]): string {
  const flows = new Set(limits.map(({ flow }) => flow)).size
  const rows = limits.map(({ point, model, flow, limits: binds, coreUtilization, perSecond }) => [
    model,
    placeOf(experiment, flow, JSON.parse(point) as Record<string, PointValue>),
    ...(flows > 1 ? [flow] : []),
    `${significant(perSecond / 1000, 3)}k/s`,
    binds ?? `one message at a time (core ${busiest(coreUtilization)})`,
  ])
  return [
    experiment.question,
    alignColumns([['model', 'at', ...(flows > 1 ? ['flow'] : []), 'messages', 'what limits it'], ...rows], { right: [flows > 1 ? 3 : 2] }),
    'One replication of each point; `run` gives the figures, with their intervals.',
  ].join('\n\n')
}

function busiest(coreUtilization: PointLimit['coreUtilization']): string {
  const [core, share] = Object.entries(coreUtilization).reduce((most, one) => (one[1] > most[1] ? one : most))
  return `${core} ${Math.round(100 * share)} % busy`
}

function describeDefaults(defaults: readonly DefaultInForce[]): string {
  const rows = defaults.map(({ path, value, meaning, models }) => [path, value, models === null ? '' : `(${models.join(', ')})`, meaning])
  return `defaults in force\n${alignColumns(rows)}`
}
