import { describe, expect, it } from 'vitest'
import { comparisonTable } from '../../cli/format/comparison-table.js'
import type { Pair } from '../../experiments/comparison.js'

const pair = (b: string, size: number, more: Partial<Pair> = {}): Pair => ({
  a: 'shared',
  b,
  source: 'simulated',
  point: JSON.stringify({ size }),
  flow: 'ping',
  metric: 'latency',
  statistic: 'p50',
  unit: 'ns',
  difference: 1010,
  ratio: 1.15,
  halfWidth: 80,
  ratioHalfWidth: 0.01,
  effectSize: 133,
  pairing: 'common random numbers',
  pairs: 10,
  p: 0.006,
  verdict: 'more',
  attribution: null,
  ...more,
})
const place = ({ point }: Pair): string => `${(JSON.parse(point) as { size: number }).size} B`
const widest = (table: string): number => Math.max(...table.split('\n').map((line) => line.length))

describe('the table of a comparison', () => {
  const pairs = [
    pair('bridge', 64),
    pair('overlay', 64, { verdict: 'no difference shown', p: 0.4 }),
    pair('bridge', 1400),
    pair('overlay', 1400),
  ]

  it('has a block for each metric of each that is compared, a line for each place, and a mark where a difference is shown', () => {
    const lines = comparisonTable(pairs, place, null).split('\n')
    expect(lines.map((line) => line.trim().split(/ {2,}/)[0])).toEqual([
      'difference',
      'bridge, latency p50',
      '64 B',
      '1400 B',
      'overlay, latency p50',
      '64 B',
      '1400 B',
    ])
    expect(lines.map((line) => line.includes(' us *'))).toEqual([false, false, true, true, false, false, true])
  })

  it('has a line for each that is compared where there is one place alone', () => {
    const lines = comparisonTable(pairs.slice(0, 2), place, null).split('\n')
    expect(lines.map((line) => line.trim().split(/ {2,}/)[0])).toEqual(['difference', 'latency p50', 'bridge', 'overlay'])
  })

  it('fits 80 columns with places of 24 characters, leaving out the bar and then the effect, never the difference', () => {
    const far = (one: Pair): string => `${place(one)}, transport tcp, rps on`
    const whole = comparisonTable(pairs, far, null)
    expect(widest(comparisonTable(pairs, far, 80))).toBeLessThanOrEqual(80)
    const narrow = comparisonTable(pairs, far, widest(whole) - 1)
    expect(narrow).toContain('effect')
    expect(widest(narrow)).toBeLessThan(widest(whole))
    expect(comparisonTable(pairs, far, 20)).toContain('1.01 ± 0.08 us *')
    expect(comparisonTable(pairs, far, 20)).not.toContain('effect')
  })
})
