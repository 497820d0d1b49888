/** `fairway selftest`: systems whose truth is known, run on the simulation kernel of this installation; `--coverage` counts how often intervals hold. */
import type { Command } from 'commander'
import { exitCode } from '../exit-code.js'
import { describeChecks, describeCoverage } from '../format/selftest.js'
import { act, type SharedOptions, wholeNumber } from '../options.js'
import type { Screen } from '../screen.js'

interface Options extends SharedOptions {
  readonly seed: number
  readonly replications: number
  readonly customers: number
  readonly coverage?: boolean
  readonly runs: number
}

export function define(command: Command): void {
  command
    .option('--seed <n>', 'another seed: other customers, the same truth', wholeNumber(0), 1)
    .option('--replications <n>', 'replications of each system', wholeNumber(2), 20)
    .option('--customers <n>', 'customers that count in each replication', wholeNumber(10), 50_000)
    .option('--coverage', 'how often 95 % intervals cover the truth, over many experiments (a few minutes)')
    .option('--runs <n>', 'experiments of each case of --coverage', wholeNumber(100), 1000)
  act<Options>(command, async (screen, _args, options) => (options.coverage === true ? cover(screen, options) : check(screen, options)))
}

async function check(screen: Screen, { seed, replications, customers }: Options) {
  const { checkOracle, confidenceOfAll, oracles } = await import('../../sim/oracles/index.js')
  const confidence = confidenceOfAll(oracles)
  const checked = oracles.map((oracle) => checkOracle(oracle, { seed, replications, customers, confidence }))
  const holds = checked.every((oracle) => oracle.holds)
  screen.print(describeChecks(checked, seed))
  screen.document({ seed, replications, customers, confidence, oracles: checked, holds })
  return holds ? exitCode.done : exitCode.failed
}

async function cover(screen: Screen, { seed, runs }: Options) {
  const { coverageCases, coverageOf } = await import('../../sim/oracles/index.js')
  const coverage = coverageCases.map((one, i) => {
    screen.notice(`coverage: ${i + 1} of ${coverageCases.length}: ${one.estimate}, ${one.interval}`)
    return coverageOf(one, runs, seed)
  })
  const holds = coverage.every((one) => one.holds)
  screen.print(describeCoverage(coverage, seed))
  screen.document({ seed, runs, coverage, holds })
  return holds ? exitCode.done : exitCode.failed
}
