import { expect, it } from 'vitest'
import { setsInText } from '../../cli/format/validation.js'
import type { ValidationSummary } from '../../experiments/validation/index.js'

const summary = (statistic: string, worstError: number, repeatability: number | null): ValidationSummary => ({
  metric: 'latency',
  statistic,
  points: 12,
  medianError: 0.01,
  worstError,
  worstPoint: 'somewhere',
  repeatability,
  coverage: 1,
  medianHalfWidth: 0.04,
  baselines: { nearest: null, linear: null, queue: null },
  beside: { nearest: null, linear: null },
  withoutStalls: null,
})

it('shows the median latency of each data set, and how well it repeats', () => {
  const sets = [
    { name: 'quiet', summary: [summary('p50', 0.05, 0.01), summary('p99', 0.4, 0.2)] },
    { name: 'disturbed', summary: [summary('p50', 0.2, 0.07)] },
    { name: 'once', summary: [summary('p50', 0.03, null)] },
    { name: 'nothing held out', summary: [] },
  ]
  const [, ...lines] = setsInText(sets).split('\n')
  expect(lines.map((line) => line.trim().split(/\s{2,}/))).toEqual([
    ['quiet', '12', '1.0 %', '5.0 %', '1.0 %'],
    ['disturbed', '12', '1.0 %', '20.0 %', '7.0 %'],
    ['once', '12', '1.0 %', '3.0 %', '-'],
  ])
})
