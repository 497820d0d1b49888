import { describe, expect, test } from 'vitest'
import { citationsOf } from '../../experiments/citation.js'
import { findExperimentFile, loadExperimentFile } from '../../experiments/experiment-file.js'
import { counterparts, parseStudy, publishedRowsOf, rowsOfGroup } from '../../experiments/published.js'
import { shippedStudies } from '../../experiments/published-files.js'

const studies = shippedStudies()
const loaded = loadExperimentFile(findExperimentFile('network-models')!)
if (!('experiment' in loaded)) throw new Error('network-models does not load')
const { experiment } = loaded

describe('the studies that ship', () => {
  test('have one citation each under their own key, and say how their set-up differs', () => {
    expect(studies.length).toBeGreaterThan(4)
    expect(new Set(studies.map(({ key }) => key)).size).toBe(studies.length)
    for (const { key, bibtex } of studies) {
      expect(bibtex).toMatch(new RegExp(`^@[a-z]+\\{${key},`))
      const depth = [...bibtex].reduce((sum, letter) => sum + (letter === '{' ? 1 : letter === '}' ? -1 : 0), 0)
      expect(depth, key).toBe(0)
    }
  })

  test('give rows of the one schema, no two with one id', () => {
    const rows = studies.flatMap((study) => study.groups.flatMap((group) => rowsOfGroup(study, group)))
    expect(new Set(rows.map(({ rowId }) => rowId)).size).toBe(rows.length)
    for (const row of rows) expect(row).toMatchObject({ source: 'published', level: 'point', role: 'none' })
    expect(
      rows.find(({ campaign, model, metric }) => campaign === 'nakamura2018graft' && model === 'host' && metric === 'latency'),
    ).toMatchObject({
      value: 6613.6,
      halfWidth: expect.closeTo(43, 6),
      unit: 'ns',
      runs: 20,
    })
  })
})

describe('published rows beside an experiment', () => {
  test('are those of paths, transports and workloads that it has too', () => {
    const rows = publishedRowsOf(experiment, studies)
    expect(new Set(rows.map(({ campaign }) => campaign))).toEqual(new Set(['nakamura2018graft', 'bilgener-proxy-bench']))
    expect(rows.every(({ metric }) => metric === 'latency')).toBe(true)
    expect(rows.some(({ point }) => point.includes('"udp"'))).toBe(false)
  })

  test('stand beside the pair of models that plays the same two paths', () => {
    const tcp = { transport: 'tcp', workload: 'ping-pong' } as const
    expect(counterparts(experiment, { ...tcp, base: 'host' }, 'overlay')).toEqual({ base: 'shared', other: 'overlay' })
    expect(counterparts(experiment, { ...tcp, base: 'direct' }, 'relay')).toEqual({ base: 'bridge', other: 'socks' })
    expect(counterparts(experiment, { ...tcp, base: 'host' }, 'macvlan')).toBeNull()
  })

  test('are cited, each study once and no other', () => {
    const manifest = { versions: {}, finishedAt: '2026-01-01', profile: null, modelHash: null, seed: 1 }
    const cited = citationsOf(manifest as unknown as Parameters<typeof citationsOf>[0], publishedRowsOf(experiment, studies), studies)
    expect(cited.map(({ key }) => key)).toEqual(['fairway', 'bilgener-proxy-bench', 'nakamura2018graft'])
  })
})

test('a study whose base is none of its values is refused by name', () => {
  const text = `{key: a, short: A, bibtex: "@misc{a}", source: {repository: "https://example.org", commit: null, files: [x]}, licence: none, setup: {}, differences: [all],
    groups: [{what: w, short: w, workload: ping-pong, metric: latency, statistic: mean, unit: us, base: host, values: {bridge: {value: 1}}}]}`
  expect(() => parseStudy(text, 'wrong')).toThrow('experiments/published/wrong.yaml: w: base: expected one of bridge')
})
