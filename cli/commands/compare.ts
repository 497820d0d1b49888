/** `fairway compare RESULT...`: network models of a result with its baseline, or results with the first, with intervals and tests. */
import type { Command } from 'commander'
import type { Pair } from '../../experiments/comparison.js'
import type { Condition } from '../../experiments/comparison-condition.js'
import { exitCode } from '../exit-code.js'
import type { Compared } from '../format/comparison.js'
import { act, type SharedOptions } from '../options.js'
import { wrongUsage } from '../refusal.js'
import type { Screen } from '../screen.js'

interface Options extends SharedOptions {
  readonly by?: string
  readonly baseline?: string
  readonly source?: string
  readonly failIf?: readonly string[]
}

const another = (text: string, before: readonly string[] = []): string[] => [...before, text]

export function define(command: Command): void {
  command
    .argument('<result...>', 'result folders')
    .option('--by <what>', 'model: each network model with the baseline, in each result; result: the other results with the first')
    .option('--baseline <model>', "the network model to compare with (default: the experiment's baseline, else its first model)")
    .option('--source <source>', 'simulated or measured rows (default: simulated, and measured where there are runs)')
    .option(
      '--fail-if <condition>',
      'end with exit code 3 where a whole interval lies beyond: "p50 ratio > 1.05", "latency p99 difference > 3 us", "throughput ratio < 0.95"; repeatable',
      another,
    )
  act<Options>(command, async (screen, [given], options) => {
    const folders = given as string[]
    const by = choice('--by', options.by ?? (folders.length === 1 ? 'model' : 'result'), ['model', 'result'])
    const sources =
      options.source === undefined ? ['simulated', 'measured'] : [choice('--source', options.source, ['simulated', 'measured'])]
    if (by === 'result' && folders.length < 2) throw wrongUsage('--by result: expected a second result folder')
    if (by === 'result' && options.baseline !== undefined)
      throw wrongUsage('--baseline: results are compared with the first one; it belongs to --by model')
    const conditions = await conditionsOf(options.failIf ?? [])
    const { comparedByModel, comparedByResult } = await import('../compare-results.js')
    const compared: Compared[] = []
    if (by === 'result') compared.push(...(await comparedByResult(folders, sources)))
    else for (const folder of folders) compared.push(...(await comparedByModel(folder, options.baseline, sources)))
    const { comparisonInText } = await import('../format/comparison.js')
    const { widthOf } = await import('../format/fold.js')
    for (const one of compared) screen.print(comparisonInText(one, widthOf(process.stdout)))
    screen.document({
      pairs: compared.flatMap((one) => one.pairs.map((pair) => ({ experiment: one.experiment, ...pair, sentence: one.sentence(pair) }))),
    })
    return checked(screen, conditions, compared)
  })
}

function choice(option: string, given: string, words: readonly string[]): string {
  if (!words.includes(given)) throw wrongUsage(`${option}: expected ${words.join(' or ')}, got "${given}"`)
  return given
}

async function conditionsOf(texts: readonly string[]): Promise<Condition[]> {
  const { parseCondition } = await import('../../experiments/comparison-condition.js')
  return texts.map((text) => {
    try {
      return parseCondition(text)
    } catch (error) {
      throw wrongUsage(`--fail-if: ${error instanceof Error ? error.message : String(error)}`)
    }
  })
}

/** @throws Refusal where a condition is about nothing that was compared: it would pass whatever happens */
async function checked(screen: Screen, conditions: readonly Condition[], compared: readonly Compared[]) {
  const { concerns, judge } = await import('../../experiments/comparison-condition.js')
  let failed = false
  for (const condition of conditions) {
    const concerned = compared.flatMap((one) => one.pairs.filter((pair) => concerns(condition, pair)).map((pair) => ({ one, pair })))
    if (concerned.length === 0) throw wrongUsage(`--fail-if "${condition.text}": nothing that was compared has this metric and statistic`)
    const found = (what: 'met' | 'open'): { one: Compared; pair: Pair }[] => concerned.filter(({ pair }) => judge(condition, pair) === what)
    for (const { one, pair } of found('met')) screen.error(`${condition.text}: ${one.sentence(pair)}`)
    for (const { one, pair } of found('open')) screen.notice(`${condition.text} is near but not shown: ${one.sentence(pair)}`)
    failed ||= found('met').length > 0
  }
  return failed ? exitCode.boundNotMet : exitCode.done
}
