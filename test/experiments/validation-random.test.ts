import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { parsePlan, planFromDocument } from '../../experiments/campaign/index.js'
import { whyNotMeasurable } from '../../experiments/testbed/measurable.js'
import { unknownStages } from '../../experiments/uncalibrated.js'
import { composeExperiment, PLAIN_CATALOGUE, WHOLE_CATALOGUE } from '../../experiments/validation/random/compose.js'
import { measuredIn, seedsBeside } from '../../experiments/validation/random/folder.js'
import { catalogueOf, type Measure, measureRandom, predictRandom, randomPlan } from '../../experiments/validation/random/validate-random.js'
import { explainScenario, layOut } from '../../models/index.js'
import { RELAY_PROGRAMS } from '../../models/proxies/programs.js'
import { inventedProfile } from '../models/fixture-profile.js'
import { madeUpEvidence } from './made-up-measurements.js'

const folderOfShipped = fileURLToPath(new URL('../../experiments/measurements/random-4711', import.meta.url))
const profile = inventedProfile()
const options = { workers: 1 }
const drawn = { seed: 1, count: 3 }

let home: string
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'fairway-random-'))
})
afterEach(() => rmSync(home, { recursive: true, force: true }))

describe('random topologies', () => {
  const plans = Array.from({ length: 20 }, (_, seed) => randomPlan(seed, 10))
  const points = plans.flatMap(({ experiments }) => experiments.flatMap(({ experiment }) => experiment.points))

  test('200 of them are valid experiments that can be laid out, explained and measured', () => {
    expect(points).toHaveLength(200)
    for (const { scenario } of points) {
      expect(layOut(scenario).processes.map(({ core }) => core)).toEqual(
        Object.keys({ ...scenario.containers, ...scenario.proxies }).map(() => 1),
      )
      expect(explainScenario(scenario, profile)).toHaveLength(2)
      expect(whyNotMeasurable(scenario, 2)).toBeNull()
    }
  })

  test('hold every element of the catalogue', () => {
    const scenarios = points.map(({ scenario }) => ({ ...scenario, net: scenario.networks['net']!, ping: scenario.flows['ping']! }))
    expect(new Set(scenarios.flatMap(({ networks }) => Object.values(networks).map(({ driver }) => driver)))).toEqual(
      new Set(['shared', 'host', 'veth', 'bridge', 'overlay', 'routed', 'macvlan', 'ebpf-redirect']),
    )
    expect(new Set(scenarios.map(({ routers }) => Object.keys(routers ?? {}).length))).toEqual(new Set([0, 1, 2, 3]))
    expect(new Set(scenarios.flatMap(({ links }) => links.map(({ hops }) => hops ?? 0)))).toEqual(new Set([0, 1, 2, 3]))
    expect(new Set(scenarios.map(({ ping }) => `${ping.published === true} ${ping.service ?? '-'}`))).toEqual(
      new Set(['false -', 'true -', 'false web']),
    )
    const policies = scenarios.flatMap(({ hosts, routers }) =>
      [...Object.values(hosts), ...Object.values(routers ?? {})].flatMap(({ policy }) => policy ?? []),
    )
    for (const key of ['firewall', 'conntrack', 'masquerade'] as const) expect(new Set(policies.map((policy) => policy[key])).size).toBe(2)
    expect(new Set(scenarios.map(({ net }) => net.ends))).toEqual(new Set(['bridge', 'direct']))
    expect(new Set(scenarios.filter(({ net }) => net.driver === 'bridge').map(({ net }) => net.bridges))).toEqual(new Set([1, 2, 3, 4]))
    expect(new Set(scenarios.map(({ tcp }) => tcp.bridgeNfCallIptables))).toEqual(new Set([true, false]))
    expect(new Set(scenarios.map(({ ping }) => `${ping.transport} ${ping.via.length}`))).toEqual(
      new Set(['tcp 0', 'tcp 1', 'tcp 2', 'udp 0', 'unix-stream 0', 'unix-datagram 0']),
    )
    const relays = scenarios.flatMap(({ proxies }) => Object.values(proxies))
    expect(new Set(relays.map(({ program }) => program))).toEqual(new Set(Object.keys(RELAY_PROGRAMS)))
    expect(new Set(relays.map(({ program, noDelay }) => (program === 'socat' ? noDelay : null)))).toEqual(new Set([null, true, false]))
    expect(new Set(relays.map(({ beside }) => beside))).toEqual(new Set([undefined, 'client', 'server']))
    expect(new Set(scenarios.flatMap(({ containers }) => Object.values(containers).map(({ policy }) => policy)))).toEqual(
      new Set(['other', 'batch']),
    )
  })

  test('send from 14 B to 16 KiB, and at most one in ten more than a relay passes on at once', () => {
    for (const { experiments } of plans) {
      const scenarios = experiments[0]!.experiment.points.map(({ scenario }) => scenario)
      for (const { flows } of scenarios) {
        const { workload } = flows['ping']!
        expect(workload.messageBytes).toBeGreaterThanOrEqual(14)
        expect(workload.messageBytes).toBeLessThanOrEqual(16_384)
      }
      const held = scenarios.filter(({ flows, proxies }) => {
        const waiting = Object.values(proxies).filter((proxy) => !proxy.noDelay)
        return flows['ping']!.workload.messageBytes > Math.min(...waiting.map(({ bufferBytes }) => bufferBytes))
      })
      expect(held.length).toBeLessThanOrEqual(1)
    }
  })

  test('are the same for a seed, and the first ones are the same however many are asked for', () => {
    expect(composeExperiment(7, 10)).toEqual(composeExperiment(7, 10))
    expect(composeExperiment(8, 10)['models']).not.toEqual(composeExperiment(7, 10)['models'])
    const [few, more] = [4, 12].map((count) => Object.values(composeExperiment(7, count)['models'] as object))
    expect(more!.slice(0, 4)).toEqual(few)
  })

  test('leave out what forwards for a profile that does not know it, and are then what they were before there was any', () => {
    const plain = composeExperiment(4711, 10, PLAIN_CATALOGUE)
    for (const { scenario } of planFromDocument({ name: 'p', runs: 9, seed: 1, experiments: [{ role: 'none', experiment: plain }] }, 'p')
      .experiments[0]!.experiment.points)
      expect(layOut(scenario).forwarding).toEqual([])
    const shipped = readFileSync(join(folderOfShipped, 'plan.yaml'), 'utf8')
    expect(parsePlan(shipped, 'plan.yaml').document.experiments[0]!.experiment).toEqual(plain)
  })

  test('hold nothing that the profile has no numbers for', () => {
    const without = (...gone: string[]) => ({
      ...profile,
      coefficients: profile.coefficients.filter(({ name }) => !gone.some((stage) => name.startsWith(`${stage}.per`))),
    })
    const drawnFor = (gone: readonly string[]) => {
      const bare = without(...gone)
      const catalogue = catalogueOf(bare)
      for (let seed = 0; seed < 20; seed++)
        for (const { experiment } of randomPlan(seed, 10, catalogue).experiments)
          for (const { scenario } of experiment.points) expect(unknownStages(scenario, bare)).toEqual([])
      return catalogue
    }
    expect(catalogueOf(profile)).toEqual(WHOLE_CATALOGUE)
    expect(drawnFor(['namespace.create'])).toEqual(WHOLE_CATALOGUE)
    expect(drawnFor(['proxy.relay.dante', 'proxy.relay.nginx']).relays).toEqual(['microsocks', 'haproxy', 'socat'])
    expect(drawnFor(['unix.receive'])).toMatchObject({ unix: false, forwarding: true })
    expect(drawnFor(['macvlan.transmit'])).toMatchObject({ relays: [], forwarding: false })
  })

  test('are held out by their plan, nine runs each', () => {
    expect(plans[0]).toMatchObject({ runs: 9, experiments: [{ role: 'held-out' }] })
  })
})

describe('the predictions of a seed', () => {
  /** Stands for the testbed: MADE UP values, written down as a campaign leaves them. */
  const madeUpCampaign =
    (seen: () => void): Measure =>
    async (plan, directory) => {
      seen()
      const { mkdirSync } = await import('node:fs')
      mkdirSync(join(directory, 'raw'), { recursive: true })
      writeFileSync(join(directory, 'raw', 'made-up.json.gz'), '')
      const { experiment } = plan.experiments[0]!
      const { rows } = madeUpEvidence(experiment, 'held-out', () => 9000)
      const measured = { schema: 'fairway/data-set/1', campaign: plan.name, measuredFrom: null, measuredTo: null } as const
      return {
        directory,
        plan,
        rows: rows.filter(({ point }) => point !== experiment.points[2]!.id),
        experiments: [experiment],
        manifest: {
          ...measured,
          runs: 0,
          failures: [{ experiment: experiment.name, point: experiment.points[2]!.id, repeat: 0, reason: 'port in use' }],
          environments: [],
          disturbedRuns: null,
        },
        notMeasurable: [],
        missing: 0,
      }
    }

  test('are on the disk, with plan, profile and date, before anything is measured', async () => {
    const folder = join(home, 'validate-random-1')
    const predicted = await predictRandom(folder, drawn, profile, options, () => new Date('2026-01-02T03:04:05Z'))
    let before: string | null = null
    const outcome = await measureRandom(
      predicted,
      [],
      profile,
      {},
      madeUpCampaign(() => {
        before = readFileSync(join(folder, 'predictions.json'), 'utf8')
        expect(JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'))).toMatchObject({
          predictedAt: '2026-01-02T03:04:05.000Z',
          profileHash: predicted.predictions.profileHash,
        })
        expect(existsSync(join(measuredIn(folder), 'plan.yaml'))).toBe(true)
        expect(existsSync(join(folder, 'profile.json'))).toBe(true)
      }),
    )
    expect(readFileSync(join(folder, 'predictions.json'), 'utf8')).toBe(before)
    expect(outcome.comparisons).toHaveLength(6)
    expect(outcome.comparisons.every(({ standing }) => standing === 'held-out')).toBe(true)
    expect(outcome.missing).toMatchObject([{ reason: 'port in use' }])
    const log = JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8')) as unknown[]
    expect(log).toMatchObject([{ seed: 1, topologies: 3, predictedAt: '2026-01-02T03:04:05.000Z', missing: [{ reason: 'port in use' }] }])
    expect(seedsBeside(folder)).toEqual([{ seed: 1, isMeasured: true }])
  })

  test('are read, not made again, by the next call; the log gets no second entry of the same', async () => {
    const folder = join(home, 'validate-random-1')
    const first = await predictRandom(folder, drawn, profile, options)
    const second = await predictRandom(folder, drawn, profile, options)
    expect([first.isNew, second.isNew]).toEqual([true, false])
    expect(second.manifest).toEqual(first.manifest)
    for (const each of [first, second])
      await measureRandom(
        each,
        [],
        profile,
        {},
        madeUpCampaign(() => undefined),
      )
    expect(JSON.parse(readFileSync(join(folder, 'summary.json'), 'utf8'))).toHaveLength(1)
  })

  test('are made again for another profile while nothing was measured, and refused afterwards', async () => {
    const folder = join(home, 'validate-random-1')
    const other = inventedProfile({ burstSigma: 0.01 })
    const first = await predictRandom(folder, drawn, other, options)
    const second = await predictRandom(folder, drawn, profile, options)
    expect(second.isNew).toBe(true)
    await measureRandom(
      second,
      [],
      profile,
      {},
      madeUpCampaign(() => undefined),
    )
    await expect(predictRandom(folder, drawn, other, options)).rejects.toThrow(
      `seed 1 was measured for the profile with hash ${second.predictions.profileHash}; this one is ${first.predictions.profileHash}`,
    )
  })

  test('are refused for another count, and where somebody changed them', async () => {
    const folder = join(home, 'validate-random-1')
    await predictRandom(folder, drawn, profile, options)
    await expect(predictRandom(folder, { seed: 1, count: 4 }, profile, options)).rejects.toThrow('drawn for 3 topologies, not 4')
    const file = join(folder, 'predictions.json')
    writeFileSync(file, readFileSync(file, 'utf8').replace('"role": "none"', '"role": "fit"'))
    await expect(predictRandom(folder, drawn, profile, options)).rejects.toThrow('it was changed after it was written')
  })
})
