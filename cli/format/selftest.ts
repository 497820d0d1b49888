/** The selftest's tables. */
import { estimate, fixed, percent, significant } from '../../reports/format/estimate.js'
import type { CheckedOracle, CheckedQuantity, Coverage } from '../../sim/oracles/index.js'
import { alignColumns } from './columns.js'

const unitText: Readonly<Record<CheckedQuantity['unit'], string>> = { ms: 'ms', customers: '', share: '', ratio: '', '/s': '/s' }

export function describeChecks(checked: readonly CheckedOracle[], seed: number): string {
  const [{ replications, customers }] = checked as readonly [CheckedOracle, ...CheckedOracle[]]
  const rows = checked.flatMap(({ name, quantities }) =>
    quantities.map((quantity, i) => [
      i === 0 ? name : '',
      quantity.name,
      significant(quantity.truth, 5),
      estimate(quantity.value, quantity.halfWidth),
      unitText[quantity.unit],
      quantity.holds ? 'holds' : 'FAILS',
    ]),
  )
  const quantities = checked.flatMap((oracle) => oracle.quantities)
  const wrong = quantities.filter(({ holds }) => !holds).length
  const events = checked.reduce((sum, oracle) => sum + oracle.events, 0)
  return [
    `${checked.length} systems whose truth is known, ${replications} replications x ${customers} customers each, seed ${seed}; ${fixed(events / 1e6, 1)} million events.`,
    '± is the 95 % interval. A value fails where the truth lies outside an interval so wide that all of them hold together 999 times in 1000.',
    '',
    alignColumns([['system', 'quantity', 'theory', 'simulated', '', ''], ...rows], { right: [2, 3] }),
    '',
    describeLaws(checked),
    wrong === 0 ? `All ${quantities.length} quantities hold.` : `${wrong} of ${quantities.length} quantities FAIL.${advice(customers)}`,
  ].join('\n')
}

/** Below this count, what is left of the empty start shows in the means. */
const MEMORABLE = 5000

function advice(customers: number): string {
  return customers < MEMORABLE ? ` Runs of ${customers} customers remember their empty start: try --customers ${10 * MEMORABLE}.` : ''
}

function describeLaws(checked: readonly CheckedOracle[]): string {
  const count = checked.reduce((sum, { laws }) => sum + laws.checked, 0)
  const broken = checked.reduce((sum, { laws }) => sum + laws.broken.length, 0)
  const worst = Math.max(...checked.map(({ laws }) => laws.worst))
  const apart = worst === 0 ? 'exactly' : `to ${worst.toExponential(1)} of themselves at most`
  const verdict = broken === 0 ? `hold on every run, ${apart}` : `are BROKEN in ${broken}`
  return `Little's law, the utilization law and the token bucket's bounds, checked ${count} times, ${verdict}.`
}

export function describeCoverage(coverage: readonly Coverage[], seed: number): string {
  const rows = coverage.map(({ estimate: what, interval, covered, runs, value, low, high, holds }) => [
    what,
    interval,
    `${covered} of ${runs}`,
    `${percent(value)} (${fixed(low * 100, 1)} to ${fixed(high * 100, 1)})`,
    holds ? 'holds' : 'FAILS',
  ])
  const wrong = coverage.filter(({ holds }) => !holds).length
  return [
    `How often a 95 % interval covers the truth: experiments with a seed each, from ${seed} on. In brackets the share's own 95 % interval (Clopper and Pearson).`,
    '',
    alignColumns([['estimate', 'interval', 'covered', 'share', ''], ...rows], { right: [2, 3] }),
    '',
    wrong === 0 ? `All ${coverage.length} lie between 93 and 97 in 100.` : `${wrong} of ${coverage.length} lie OUTSIDE 93 to 97 in 100.`,
  ].join('\n')
}
