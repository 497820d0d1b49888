import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type RunOptions, type RunOutcome, runExperiment } from '../../experiments/runner.js'
import { rowsToCsv, stagesToCsv } from '../../experiments/store/index.js'
import { dying, throwing } from './fake-simulator.js'
import { experiment, point, profile } from './sample.js'

const simulator = new URL('./fake-simulator.ts', import.meta.url)

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fairway-runner-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const run = (options: Partial<RunOptions> = {}, what = experiment()) =>
  runExperiment(what, profile, { folder, simulator, workers: 1, ...options })

const bytes = ({ rows, stages }: RunOutcome) => rowsToCsv(rows) + stagesToCsv(stages)

describe('the same bytes', () => {
  test('one thread and two workers give equal rows', async () => {
    const inline = await run({ folder: null })
    const pooled = await run({ folder: null, workers: 2 })
    expect(pooled.failures).toEqual([])
    expect(bytes(pooled)).toBe(bytes(inline))
  })

  test('the simulator itself gives equal rows in one thread and in two workers', async () => {
    const small = experiment({ stop: { ...experiment().stop, messages: 50 } })
    const [inline, pooled] = [1, 2].map((workers) => runExperiment(small, profile, { folder: null, workers })) as [
      Promise<RunOutcome>,
      Promise<RunOutcome>,
    ]
    expect((await pooled).failures).toEqual([])
    expect((await pooled).rows.length).toBeGreaterThan(0)
    expect(bytes(await pooled)).toBe(bytes(await inline))
  })

  test('a run that was killed goes on with what is there and ends in the bytes of one that was not', async () => {
    const whole = await run({ folder: null }, experiment({ points: [64, 256].map((size) => point(size, 10)) }))
    const killed = spawn(
      process.execPath,
      ['--no-warnings', '--import', './register.mjs', fileURLToPath(new URL('./killed-run.ts', import.meta.url)), folder],
      { cwd: fileURLToPath(new URL('../..', import.meta.url)), stdio: ['ignore', 'pipe', 'inherit'] },
    )
    await once(killed.stdout, 'data') // it prints a line for each replication that it has finished
    killed.kill('SIGKILL')
    await once(killed, 'exit')
    const kept = readdirSync(join(folder, 'replications')).filter((file) => file.endsWith('.json'))
    expect(kept.length).toBeGreaterThan(0)
    expect(kept.length).toBeLessThan(8)
    const resumed = await run({}, experiment({ points: [64, 256].map((size) => point(size, 10)) }))
    expect(resumed.replications).toEqual({ simulated: 8 - kept.length, reused: kept.length })
    expect(bytes(resumed)).toBe(bytes(whole))
  })

  test('a replication that a power failure cut short is simulated again', async () => {
    const first = await run()
    const [file] = readdirSync(join(folder, 'replications'))
    writeFileSync(join(folder, 'replications', file!), '{"flows": [')
    const second = await run()
    expect(second.replications).toEqual({ simulated: 1, reused: 11 })
    expect(bytes(second)).toBe(bytes(first))
  })

  test('a folder that knows more replications than are asked for gives the rows of those asked for', async () => {
    const stop = { ...experiment().stop, replications: 3 }
    const fresh = await run({ folder: null }, experiment({ stop }))
    await run()
    const again = await run({}, experiment({ stop }))
    expect(again.replications).toEqual({ simulated: 0, reused: 9 })
    expect(bytes(again)).toBe(bytes(fresh))
  })
})

describe('only what is new is run', () => {
  test('a new value in the sweep runs its own replications', async () => {
    await run()
    const more = await run({}, experiment({ points: [64, 256, 512, 1024].map((size) => point(size)) }))
    expect(more.replications).toEqual({ simulated: 4, reused: 12 })
  })

  test('more replications run the additional ones', async () => {
    await run()
    const more = await run({}, experiment({ stop: { ...experiment().stop, replications: 6 } }))
    expect(more.replications).toEqual({ simulated: 6, reused: 12 })
  })

  test('another profile, seed or count of messages reuses nothing', async () => {
    await run()
    const other = { ...profile, coefficients: profile.coefficients.map((one, i) => (i === 0 ? { ...one, value: 1001 } : one)) }
    const outcomes = [
      await runExperiment(experiment(), other, { folder, simulator, workers: 1 }),
      await run({}, experiment({ seed: 2 })),
      await run({}, experiment({ stop: { ...experiment().stop, messages: 201 } })),
    ]
    expect(outcomes.map(({ replications }) => replications.reused)).toEqual([0, 0, 0])
  })

  test('an edit of the scenario that no swept key names is not mistaken for the old point', async () => {
    await run()
    const edited = experiment().points.map((old) => ({
      ...old,
      scenario: { ...old.scenario, tcp: { ...old.scenario.tcp, quickAck: true } },
    }))
    const outcome = await run({}, experiment({ points: edited }))
    expect(outcome.replications.reused).toBe(0)
  })

  test('no thread is started where the folder holds everything', async () => {
    await run()
    const nowhere = new URL('./no-such-simulator.ts', import.meta.url)
    expect((await run({ simulator: nowhere, workers: 2 })).failures).toEqual([])
  })
})

describe('failures', () => {
  const withOne = (core: number) => experiment({ points: [point(64), point(64, core)] })

  test('a replication that throws is reported with its point and the rest is kept', async () => {
    const outcome = await run({}, withOne(throwing))
    expect(outcome.failures).toEqual([{ point: point(64, throwing).id, replication: 1, reason: 'no path from client to server' }])
    const ofPoint = (id: string, level: string) => outcome.rows.filter((row) => row.point === id && row.level === level)
    expect(ofPoint(point(64).id, 'point')).toHaveLength(8)
    expect(ofPoint(point(64, throwing).id, 'run')).toHaveLength(3 * 8)
    expect(ofPoint(point(64, throwing).id, 'point')).toHaveLength(0)
    expect(outcome.stages.map((stage) => stage.point)).not.toContain(point(64, throwing).id)
  })

  test.each([1, 2])(
    'a run that breaks a law that every run obeys is reported by point, replication and law (%i workers)',
    async (workers) => {
      const small = experiment({ points: [point(64)], stop: { ...experiment().stop, messages: 50 } })
      const unlawful = new URL('./unlawful-simulator.ts', import.meta.url)
      const { failures, replications } = await run({ workers, simulator: unlawful }, small)
      expect(failures).toEqual([
        { point: point(64).id, replication: 1, reason: expect.stringMatching(/breaks a law.*Little’s law, flow ping: /) },
      ])
      expect(replications.simulated).toBe(3)
    },
  )

  test('a worker that dies is reported with its point and the rest is kept', async () => {
    const outcome = await run({ workers: 2 }, withOne(dying))
    expect(outcome.failures.map(({ point, replication }) => ({ point, replication }))).toEqual([
      { point: point(64, dying).id, replication: 1 },
    ])
    expect(outcome.failures[0]!.reason).toContain('exited')
    expect(outcome.replications.simulated).toBe(7)
  })

  test('a worker that can’t load its module is reported with its point, and the rest is kept', async () => {
    const outcome = await run({ workers: 2, simulator: new URL('./half-loadable-simulator.ts', import.meta.url) })
    const { failures, replications, rows } = outcome
    expect(new Set(failures.map(({ reason }) => reason))).toEqual(new Set(['this thread lacks what the module asks for']))
    const ids = experiment().points.map(({ id }) => id)
    expect(failures.every(({ point }) => ids.includes(point))).toBe(true)
    // The other worker goes on with all that this one was not given.
    expect(failures.length).toBeLessThanOrEqual(2)
    expect(replications.simulated).toBe(12 - failures.length)
    expect(rows.filter(({ level }) => level === 'run')).toHaveLength(8 * replications.simulated)
  })

  test('where no worker can load its module, every replication is reported and the run ends', async () => {
    const outcome = await run({ workers: 2, simulator: new URL('./unloadable-simulator.ts', import.meta.url) })
    expect(outcome.failures).toHaveLength(12)
    expect(new Set(outcome.failures.map(({ point }) => point)).size).toBe(3)
    expect(outcome.failures.every(({ reason }) => reason.endsWith('this machine lacks what the module asks for'))).toBe(true)
    expect(outcome.failures.filter(({ reason }) => reason.startsWith('no worker starts: '))).toHaveLength(10)
    expect(outcome.rows).toEqual([])
  })

  test.each([1, 2])('a simulator that can’t be loaded ends the run by its name (%i workers)', async (workers) => {
    const nowhere = new URL('./no-such-simulator.ts', import.meta.url)
    await expect(run({ folder: null, simulator: nowhere, workers })).rejects.toThrow('no-such-simulator')
  })

  test('an aborted run throws the reason and keeps what is finished', async () => {
    const controller = new AbortController()
    const onProgress = () => controller.abort(new Error('stop here'))
    // So many that they can't all be simulated while the first one's file is written, however slow the disk.
    const long = experiment({ stop: { ...experiment().stop, replications: 400, atMost: 400 } })
    const wanted = 400 * long.points.length
    await expect(run({ signal: controller.signal, onProgress }, long)).rejects.toThrow('stop here')
    const kept = readdirSync(join(folder, 'replications')).length
    expect(kept).toBeGreaterThan(0)
    expect(kept).toBeLessThan(wanted)
    expect((await run({}, long)).replications).toEqual({ simulated: wanted - kept, reused: kept })
  })
})

describe('rows', () => {
  test('a point is the mean of its replications, with chance and calibration in its half-width', async () => {
    const { rows } = await run()
    const of = (level: string) =>
      rows.filter((row) => row.level === level && row.point === point(64).id && row.metric === 'latency' && row.statistic === 'mean')
    const values = of('run').map((row) => row.value)
    const [aggregate] = of('point')
    const mean = (values[0]! + values[1]! + values[2]! + values[3]!) / 4
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / 3
    // Student's quantile for 3 degrees of freedom (3.18245, Abramowitz and Stegun, table 26.10), and one charge of the first
    // coefficient per latency, whose standard error is 10 ns.
    const chance = (3.182446305284263 * Math.sqrt(variance)) / 2
    expect(aggregate!.value).toBeCloseTo(mean, 9)
    expect(aggregate!.halfWidth).toBeCloseTo(Math.hypot(chance, 1.959963984540054 * 10), 6)
    expect(aggregate).toMatchObject({ halfWidthKind: 'total', confidence: 0.95, runs: 4, messages: 800, limits: 'core 1 (100 % busy)' })
  })

  test('row ids are unique and every id is a content address', async () => {
    const { rows } = await run()
    expect(new Set(rows.map((row) => row.rowId)).size).toBe(rows.length)
    expect(rows.every((row) => /^[0-9a-f]{64}$/.test(row.rowId))).toBe(true)
  })

  test('a stage has its mean cost per message and the interval of its own coefficients', async () => {
    const { stages } = await run({}, experiment({ stop: { ...experiment().stop, replications: 1 } }))
    const send = stages.find((stage) => stage.stage === 'socket.send' && stage.point === point(64).id)
    // Two charges a round trip, standard error 10 ns each.
    expect(send).toMatchObject({ costNs: 1006.4, halfWidthNs: 1.959963984540054 * 20 })
  })
})

describe('the stopping rule', () => {
  test('adds replications until the half-width is met, at most so many, the same with any number of workers', async () => {
    const stop = { replications: 3, messages: 50, halfWidth: { relative: 0.005, statistic: 'p50' }, atMost: 12 }
    const outcome = await run({ folder: null }, experiment({ stop }))
    const points = outcome.rows.filter((row) => row.level === 'point' && row.metric === 'latency' && row.statistic === 'p50')
    expect(points.every((row) => row.runs > 3 && row.runs <= 12)).toBe(true)
    expect(bytes(await run({ folder: null, workers: 2 }, experiment({ stop })))).toBe(bytes(outcome))
  })
})

test('progress counts every replication once and says which were there before', async () => {
  await run({}, experiment({ points: [point(64)] }))
  const seen: { done: number; reused: number }[] = []
  await run({ onProgress: ({ done, reused }) => seen.push({ done, reused }) })
  expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1))
  expect(seen.at(-1)).toEqual({ done: 12, reused: 4 })
})

test('leftovers of a killed writer are swept and nobody else is touched', async () => {
  await run()
  const dead = join(folder, 'replications', 'x.json.4194304.tmp') // above the largest process id of Linux
  const alive = join(folder, 'replications', `y.json.${process.pid}.tmp`)
  for (const file of [dead, alive]) writeFileSync(file, '{')
  await run()
  const left = readdirSync(join(folder, 'replications')).filter((file) => file.endsWith('.tmp'))
  expect(left).toEqual([`y.json.${process.pid}.tmp`])
  expect(readFileSync(alive, 'utf8')).toBe('{')
})
