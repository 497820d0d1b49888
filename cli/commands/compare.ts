/** `fairway compare RESULT...`: each network model against the baseline, with intervals and tests. */
import type { Command } from 'commander'
import type { Pair } from '../../experiments/comparison.js'
import { estimate } from '../../reports/format/estimate.js'
import { displayUnit, pointValue } from '../../reports/format/units.js'
import { exitCode } from '../exit-code.js'
import { alignColumns } from '../format/columns.js'
import { act, atLeast, type SharedOptions } from '../options.js'
import { wrongUsage } from '../refusal.js'

interface Options extends SharedOptions {
  readonly baseline?: string
  readonly atMost?: number
}

export function define(command: Command): void {
  command
    .argument('<result...>', 'result folders')
    .option('--baseline <model>', "the network model to compare with (default: the experiment's baseline, else its first model)")
    .option('--at-most <ratio>', 'end with exit code 3 where a ratio to the baseline is shown to exceed this', atLeast(0))
  act<Options>(command, async (screen, [folders], options) => {
    const { compareModels } = await import('../../experiments/comparison.js')
    const { readResult, readSimulatedPoints } = await import('../../experiments/result.js')
    const pairs: (Pair & { experiment: string })[] = []
    for (const folder of folders as string[]) {
      const result = readResult(folder)
      const { experiment, profile } = result
      const baseline = options.baseline ?? experiment.baseline ?? experiment.models[0]!
      if (!experiment.models.includes(baseline))
        throw wrongUsage(`--baseline: expected one of ${experiment.models.join(', ')}, got "${baseline}"`)
      const found = compareModels(await readSimulatedPoints(result), baseline, profile)
      pairs.push(...found.map((pair) => ({ experiment: experiment.name, ...pair })))
      screen.print(describe(experiment.name, baseline, found))
    }
    const bound = options.atMost ?? Number.POSITIVE_INFINITY
    const exceeding = pairs.filter((pair) => pair.ratio - pair.ratioHalfWidth > bound)
    for (const { b, metric, statistic, ratio, point } of exceeding) {
      screen.error(`${b}: ${metric} ${statistic} is ${ratio.toFixed(2)} times the baseline's at ${point}, above ${bound}`)
    }
    screen.document({ pairs })
    return exceeding.length > 0 ? exitCode.boundNotMet : exitCode.done
  })
}

function describe(name: string, baseline: string, pairs: readonly Pair[]): string {
  if (pairs.length === 0)
    return `${name}: nothing to compare with ${baseline}; a comparison needs a second network model and two replications`
  const rows = pairs.map((pair) => {
    const unit = displayUnit(pair.metric)
    return [
      Object.entries(JSON.parse(pair.point) as Record<string, string | number | boolean>)
        .map(([key, value]) => pointValue(key, value))
        .join(', '),
      pair.b,
      `${pair.metric} ${pair.statistic}`,
      `${estimate(pair.difference / unit.perUnit, pair.halfWidth / unit.perUnit)} ${unit.ascii}`,
      estimate(pair.ratio, pair.ratioHalfWidth),
      pair.p < 0.001 ? '< 0.001' : pair.p.toFixed(3),
      pair.verdict,
    ]
  })
  return `${name}, against ${baseline}   95 % intervals: chance + calibration; p: paired permutation test, adjusted over the models of a line's point (Holm)\n${alignColumns(
    [['at', 'model', 'metric', 'difference', 'ratio', 'p', 'verdict'], ...rows],
    { right: [3, 4, 5] },
  )}`
}
