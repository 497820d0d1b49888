/** What-if without a browser: states in addresses, experiment files out of states, runs out of both. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { shippedNames } from '../../experiments/experiment-file.js'
import { loadProfile } from '../../experiments/profile-file.js'
import { parseExperiment, resolvedDocument } from '../../experiments/schema/index.js'
import { controlsOf } from '../../reports/what-if/controls.js'
import { experimentText } from '../../reports/what-if/experiment-text.js'
import { initialState } from '../../reports/what-if/initial.js'
import { numbersOf } from '../../reports/what-if/numbers.js'
import { mergePlain, pathOf, withValue } from '../../reports/what-if/plain-document.js'
import { rehearsals } from '../../reports/what-if/rehearsals.js'
import { type Memory, rehearse, runWhatIf } from '../../reports/what-if/run.js'
import { type Choices, fromFragment, mistakesIn, toFragment, type WhatIfState } from '../../reports/what-if/state.js'
import { repository } from '../cli/fairway.js'

const shipped = (name: string) => {
  const file = `experiments/${name}.yaml`
  const text = readFileSync(join(repository, file), 'utf8')
  const readBase = (base: string) => readFileSync(join(repository, `experiments/${base}.yaml`), 'utf8')
  const parsed = parseExperiment(text, file, { readBase })
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  return { experiment: parsed.experiment, document: resolvedDocument(text, file, { readBase })! }
}

describe('a state', () => {
  const value = fc.oneof(fc.boolean(), fc.nat(), fc.constantFrom('1400 B', '4 KiB', 'tcp', 'a=b&c#d', '50 %'))
  const choices: fc.Arbitrary<Choices> = fc.record({
    model: fc.constantFrom('shared', 'bridge'),
    values: fc.dictionary(fc.constantFrom('flows.ping.workload.message', 'proxies.relay.buffer', 'tcp.quick-ack', 'links[0].rate'), value),
    costs: fc.dictionary(
      fc.constantFrom('bridge.forward.perPacketNs', 'socket.send.perByteNs'),
      fc.double({ min: 0, max: 1e6, noNaN: true }),
    ),
  })

  it('comes back from its address', () => {
    fc.assert(
      fc.property(fc.record({ seed: fc.nat(), changed: choices, pinned: choices }), (state) => {
        expect(fromFragment(toFragment(state), ['shared', 'bridge'])).toEqual(state)
      }),
    )
  })

  it('is none where the address names no model of the experiment, or is about something else', () => {
    const other = toFragment({
      seed: 1,
      changed: { model: 'gone', values: {}, costs: {} },
      pinned: { model: 'bridge', values: {}, costs: {} },
    })
    for (const fragment of ['', '#figures', '#what-if', '#what-if?', '#what-if?%%%', other])
      expect(fromFragment(fragment, ['bridge'])).toBeNull()
  })
})

describe('an address that is no state', () => {
  const mistakes = (fragment: string) => mistakesIn(fragment, ['shared', 'bridge'], ['bridge.forward.perPacketNs'])

  it.each([
    [
      '#what-if?nonsense',
      ['pinned.model: expected one of shared, bridge, got "nothing"', 'model: expected one of shared, bridge, got "nothing"'],
    ],
    ['#what-if?seed=1&model=gone&pinned.model=shared', ['model: expected one of shared, bridge, got "gone"']],
    ['#what-if?seed=-1&model=bridge&pinned.model=shared', ['seed: expected a whole number, got "-1"']],
    [
      '#what-if?seed=1&model=bridge&pinned.model=shared&cost:bridge.forwrad=3',
      ['cost:bridge.forwrad: the profile has no such coefficient'],
    ],
    [
      '#what-if?seed=1&model=bridge&pinned.model=shared&pinned.cost:bridge.forward.perPacketNs=-3',
      ['pinned.cost:bridge.forward.perPacketNs: expected a number from 0 on, got "-3"'],
    ],
  ])('says why: %s', (fragment, expected) => {
    expect(mistakes(fragment)).toEqual(expected)
  })

  it('says nothing of one that is a state, or an anchor', () => {
    const sound = toFragment({
      seed: 1,
      changed: { model: 'bridge', values: {}, costs: { 'bridge.forward.perPacketNs': 3 } },
      pinned: { model: 'shared', values: {}, costs: {} },
    })
    for (const fragment of ['', '#figures', '#what-if', '#what-if-model', sound]) expect(mistakes(fragment)).toEqual([])
  })
})

describe('a changed document', () => {
  it('merges as the experiment file does: mappings merge, lists are replaced, nothing leaves a mapping as it is', () => {
    expect(mergePlain({ a: { b: 1, c: [1, 2] }, d: { e: 1 } }, { a: { c: [3] }, d: null })).toEqual({ a: { b: 1, c: [3] }, d: { e: 1 } })
  })

  it('takes a list over whole when one of its entries changes', () => {
    const base = { links: [{ rate: '1 Gbit/s', delay: '1 us' }, { rate: '2 Gbit/s' }] }
    expect(withValue({}, base, pathOf('links[1].rate'), '3 Gbit/s')).toEqual({
      links: [{ rate: '1 Gbit/s', delay: '1 us' }, { rate: '3 Gbit/s' }],
    })
  })
})

describe.each(shippedNames())('what-if of %s', (name) => {
  const { experiment, document } = shipped(name)
  const heads = experiment.models.flatMap((model) => experiment.points.find((point) => point.model === model) ?? [])
  const models = Object.fromEntries(heads.map(({ model, scenario }) => [model, scenario]))

  it('has an experiment file for each network model, whose points are the first of the report', () => {
    for (const { model, scenario } of heads) {
      const choices = { model, values: {}, costs: {} }
      const parsed = parseExperiment(experimentText(document, { seed: 3, changed: choices, pinned: choices }, null), 'what-if.yaml')
      expect(parsed).toMatchObject({ experiment: { seed: 3, models: ['pinned', 'what-if'], baseline: 'pinned' } })
      if ('experiment' in parsed) expect(parsed.experiment.points.map((point) => point.scenario)).toEqual([scenario, scenario])
    }
  })

  it('answers with what its workload is about, on one profile that knows every stage', () => {
    const profile = loadProfile('xeon')
    const [pinned, changed = pinned] = heads.map(({ model }) => ({ model, values: {}, costs: {} }))
    const run = runWhatIf({ document, profile, profileKey: null, modelHash: 'test' }, { seed: 1, changed: changed!, pinned: pinned! })
    const { sentence, lines } = numbersOf(run)
    expect(sentence).toMatch(/^(\w+: )?(p50|mean|throughput) [\d.]/)
    expect(lines.map(({ label }) => label).join()).toMatch(/(latency|response-time|start-up), p50|throughput, mean/)
    // What it is about is compared, paired: of streams what they carry.
    expect(lines[0]!.ratio).toMatch(/^[\d.]+ ± [\d.]+$/)
  })

  it('has no control that the experiment file would refuse', () => {
    for (const [model, scenario] of Object.entries(models)) {
      for (const control of controlsOf(document, scenario)) {
        const values =
          control.kind === 'size'
            ? [control.steps[0]!, control.steps.at(-1)!].map((bytes) => `${bytes} B`)
            : control.kind === 'flag'
              ? [!control.value]
              : control.options.map((option) => option.value)
        for (const value of values) {
          const changed = { model, values: { [control.key]: value }, costs: {} }
          const parsed = parseExperiment(experimentText(document, { seed: 1, changed, pinned: changed }, null), 'what-if.yaml')
          expect(parsed, `${model}: ${control.key} ${value}`).toHaveProperty('experiment')
        }
      }
    }
  })
})

describe('a run', () => {
  const { experiment, document } = shipped('network-models')
  const models = Object.fromEntries(
    experiment.models.map((model) => [model, experiment.points.find((point) => point.model === model)!.scenario]),
  )
  const base = { document, profile: loadProfile(null), profileKey: null, modelHash: 'test' }
  const fresh: WhatIfState = initialState({ seed: 1, baseline: 'shared', models })

  it('begins with the baseline and the network model after it', () => {
    expect(fresh.pinned.model).toBe('shared')
    expect(fresh.changed.model).toBe('bridge')
  })

  it('simulates ten thousand messages of each alternative, and the pinned one only once', () => {
    const memory: Memory = new Map()
    const first = runWhatIf(base, fresh, memory)
    expect(first.rows.filter((row) => row.level === 'point' && row.statistic === 'p50').map((row) => row.messages)).toEqual([
      10_000, 10_000,
    ])
    const second = runWhatIf(base, { ...fresh, changed: { ...fresh.changed, model: 'overlay' } }, memory)
    expect(second.simulated).toBe(first.simulated / 2)
    expect(second.rows.filter((row) => row.model === 'pinned')).toEqual(first.rows.filter((row) => row.model === 'pinned'))
  })

  it('rehearses every model without a mark on the numbers', () => {
    const before = runWhatIf(base, fresh).rows
    const choices = rehearsals(base.document)
    expect(new Set(choices.map(({ model }) => model))).toEqual(new Set(['shared', 'bridge', 'overlay', 'socks']))
    for (const one of choices) rehearse(base, one)
    expect(runWhatIf(base, fresh).rows).toEqual(before)
  })

  it('says what differs with its interval, and that nothing does where nothing does', () => {
    const different = numbersOf(runWhatIf(base, fresh))
    expect(different.sentence).toMatch(
      /^p50 [\d.]+ ± [\d.]+ µs, [\d.]+ ± [\d.]+ times the pinned [\d.]+ ± [\d.]+ µs\. What is added goes most to veth\.transmit \([\d.]+ ± [\d.]+ µs\)/,
    )
    const same = numbersOf(runWhatIf(base, { ...fresh, changed: fresh.pinned }))
    expect(same.sentence).toContain('no difference shown from the pinned')
  })

  it('blames the timer where one makes the difference, not the stages that add least', () => {
    const stalled = { model: 'socks', values: { 'flows.ping.workload.message': '1400 B' }, costs: {} }
    const pinned = { ...fresh.pinned, values: { 'flows.ping.workload.message': '1400 B' } }
    const { sentence } = numbersOf(runWhatIf(base, { ...fresh, changed: stalled, pinned }))
    expect(sentence).toContain(' The difference is a timer.')
    expect(sentence).not.toContain('What is added')
  })

  it('moves with a stage cost by what the path charges it, and says that no such machine was measured', () => {
    const name = 'bridge.forward.perPacketNs'
    const fitted = base.profile.coefficients.find((one) => one.name === name)!.value
    const costs = { [name]: fitted + 1000 }
    const run = runWhatIf(base, { ...fresh, pinned: fresh.changed, changed: { ...fresh.changed, costs } })
    const stage = (model: string): number => run.stages.find((row) => row.model === model && row.stage === 'bridge.forward')!.costNs
    // One packet there and one back, on common random numbers: the charges are the same, and only their price differs.
    expect(stage('what-if') / stage('pinned')).toBeCloseTo((fitted + 1000) / fitted, 9)
    expect(run.text).toContain('profile: what-if.profile.json')
    expect(numbersOf(run).warnings.join(' ')).toContain('no machine was measured')
  })

  it('refuses what the experiment file refuses, in the same words', () => {
    const changed = { model: 'bridge', values: { 'containers.client.core': 9 }, costs: {} }
    expect(() => runWhatIf(base, { ...fresh, changed })).toThrow('expected a core from 0 to 1')
  })
})
