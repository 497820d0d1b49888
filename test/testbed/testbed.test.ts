/**
 * The live kernel: order, paths, counters, a stall's presence, and clean-up. How long anything takes is compared with the shipped data
 * set alone, never with the machine of the moment.
 */
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { planFromDocument, readDataSet, runCampaign } from '../../experiments/campaign/index.js'
import { command } from '../../experiments/testbed/command.js'
import { stateDirectory } from '../../experiments/testbed/journal.js'
import { BusyError } from '../../experiments/testbed/lock.js'
import type { Measurement } from '../../experiments/testbed/measurement.js'
import { beginRun } from '../../experiments/testbed/run.js'
import { stallsOf } from '../../experiments/testbed/stalls.js'
import { sweepUp } from '../../experiments/testbed/sweep-up.js'
import { layOut } from '../../models/topology/layout.js'
import { requireTestbed } from './guard.js'
import { machineState } from './machine-state.js'
import { measureOnce } from './measure-once.js'
import { type Choice, scenarioOf } from './scenarios.js'

beforeAll(requireTestbed)

const measured = (choice: Choice): Promise<Measurement> => measureOnce(scenarioOf(choice))

function environmentOf(pid: string): string {
  try {
    return `\0${readFileSync(`/proc/${pid}/environ`, 'latin1')}`
  } catch {
    return ''
  }
}

const medianOf = (measurement: Measurement): number => measurement.flows['ping']!.result.latencyNs['p50']!

describe('paths', () => {
  const choices = {
    shared: { driver: 'shared' },
    bridge: { driver: 'bridge' },
    overlay: { driver: 'overlay' },
    socks: { driver: 'bridge', relay: true },
  } as const satisfies Record<string, Choice>
  const found: Record<string, Measurement> = {}

  for (const [name, choice] of Object.entries(choices)) {
    test(`${name}: the packets of every message cross the devices of the path, and no others`, async () => {
      found[name] = await measured(choice)
      const { proof } = found[name].flows['ping']!
      expect(proof.objections).toEqual([])
      expect(proof.verdict).toBe('proven')
    })
  }

  test('a longer path takes longer: shared, bridge, overlay, relay', () => {
    const medians = ['shared', 'bridge', 'overlay', 'socks'].map((name) => medianOf(found[name]!))
    expect(medians).toEqual([...medians].sort((a, b) => a - b))
  })

  test('every process runs on the core and under the policy that the experiment says', () => {
    expect(found['socks']!.placed).toEqual({ client: 'core 1, other', relay: 'core 1, other', server: 'core 1, other' })
  })

  test('client and server give up the core once a message each', () => {
    const { client, server } = found['bridge']!.switches
    for (const switches of [client!, server!]) {
      expect(switches.voluntary + switches.involuntary).toBeGreaterThan(0.9)
      expect(switches.voluntary + switches.involuntary).toBeLessThan(1.3)
    }
  })

  test('a datagram beyond the MTU crosses the path in fragments', async () => {
    const { proof } = (await measured({ driver: 'bridge', transport: 'udp', messageBytes: 4000 })).flows['ping']!
    expect(proof.verdict).toBe('proven')
    expect(Math.round(proof.crossed['container.client eth0']!.txPerMessage)).toBe(3)
  })
})

test('a CPU quota halts the exchange for the rest of every period, and one that is never used up does not', async () => {
  const halted = async (quotaNs: number) =>
    (await measured({ driver: 'shared', quota: { quotaNs, periodNs: 100e6 } })).throttled!['server']!
  // The least quota that there is: the server stands aside for most of the time, however little of a busy core it gets.
  expect(await halted(1e6)).toBeGreaterThan(0.5)
  expect(await halted(100e6)).toBe(0)
})

describe('the stall of Nagle and delayed acknowledgements behind a relay', () => {
  const stalled = async (choice: Choice) => {
    const scenario = scenarioOf(choice)
    const measurement = await measured(choice)
    const { sketch, result } = measurement.flows['ping']!
    return stallsOf(layOut(scenario), scenario.flows['ping']!, sketch, measurement.counted, result.total.received)
  }

  test('a message of two buffers waits for a timer in both directions', async () => {
    const { share, request, reply } = await stalled({ driver: 'bridge', relay: true, messageBytes: 2048 })
    expect(share).toBeGreaterThan(0.9)
    expect(request).toBeGreaterThan(0.5)
    expect(reply).toBeGreaterThan(0.5)
  })

  test('it vanishes where every segment is acknowledged at once', async () => {
    const { request, reply } = await stalled({ driver: 'bridge', relay: true, messageBytes: 2048, tcp: { quickAck: true } })
    // Asked of the kernel's own counter: a message that takes long because its process was kept off the core waits for no timer.
    expect({ request, reply }).toEqual({ request: 0, reply: 0 })
  })
})

describe('a campaign', () => {
  const directory = mkdtempSync(join(tmpdir(), 'fairway-campaign-'))
  afterAll(() => rmSync(directory, { recursive: true, force: true }))
  const experiment = {
    name: 'two-drivers',
    machines: { m1: { cores: 2 } },
    hosts: { h1: { machine: 'm1' } },
    networks: { net: { driver: 'bridge', subnet: '10.70.0.0/24' } },
    containers: { server: { host: 'h1', core: 1, networks: ['net'] }, client: { host: 'h1', core: 1, networks: ['net'] } },
    flows: { ping: { from: 'client', to: 'server', transport: 'tcp', workload: { kind: 'ping-pong', message: '64 B' } } },
    models: { bridge: {}, shared: { networks: { net: { driver: 'shared' } } } },
    sweep: { model: ['bridge', 'shared'] },
  }
  const plan = planFromDocument({ name: 'test', runs: 1, seed: 1, experiments: [{ role: 'fit', experiment }] }, 'plan')

  test('that is interrupted goes on where it was, and leaves the machine as it was', async () => {
    const before = await machineState()
    const stop = new AbortController()
    const first = await runCampaign(plan, directory, { waitSeconds: 60, signal: stop.signal, onProgress: () => stop.abort() })
    expect(first.missing).toBe(1)
    const kept = readdirSync(join(directory, 'raw'))
    expect(kept).toHaveLength(1)
    const second = await runCampaign(plan, directory, { waitSeconds: 60 })
    expect(second.missing).toBe(0)
    expect(readdirSync(join(directory, 'raw'))).toEqual(expect.arrayContaining(kept))
    expect(await machineState()).toEqual(before)
  })

  test('leaves rows that carry their role, their environment and the proof of their path', () => {
    const { rows } = readDataSet(directory)
    const points = rows.filter((row) => row.level === 'point' && row.statistic === 'p50')
    expect(points.map((row) => row.model).sort()).toEqual(['bridge', 'shared'])
    for (const row of rows) {
      expect(row.role).toBe('fit')
      expect(JSON.parse(row.proof!).verdict).toBe('proven')
      expect(JSON.parse(row.environment!)).toHaveProperty('switchesPerMessage.client.voluntary')
      if (row.level === 'point') expect(JSON.parse(row.environment!)).toMatchObject({ congestionControl: 'cubic', idle: 'as-found' })
    }
  })
})

describe('clean-up', () => {
  const foreign = `not-ours-${process.pid}`
  const children: ChildProcess[] = []
  beforeAll(async () => {
    await command(['ip', 'netns', 'add', foreign])
    await command(['ip', 'link', 'add', 'br-not-ours', 'type', 'bridge'])
  })
  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL')
    await sweepUp(stateDirectory())
    await command(['ip', 'netns', 'delete', foreign])
    await command(['ip', 'link', 'delete', 'br-not-ours'])
  })

  /** A measurement in a process of its own, once it has come as far as `stage`. */
  async function started(stage: 'begun' | 'built' | 'traffic', engine = 'netns'): Promise<ChildProcess> {
    const script = fileURLToPath(new URL('killed-measurement.ts', import.meta.url))
    const register = fileURLToPath(new URL('../../register.mjs', import.meta.url))
    const child = spawn(process.execPath, ['--no-warnings', '--import', register, script, engine], { stdio: ['ignore', 'pipe', 'inherit'] })
    children.push(child)
    let output = ''
    await new Promise<void>((resolve, reject) => {
      child.stdout!.setEncoding('utf8').on('data', (text: string) => {
        output += text
        if (output.includes(stage)) resolve()
      })
      child.once('exit', () => reject(new Error(`it ended before "${stage}": ${output}`)))
    })
    return child
  }

  /** Kills a process that has no chance to clean up, and waits until it is gone. */
  const killed = (child: ChildProcess): Promise<void> =>
    new Promise((resolve) => {
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })
  const ownNamespaces = async (): Promise<number> =>
    (await command(['ip', 'netns', 'list'])).split('\n').filter((line) => line.startsWith('fairway-')).length
  /** Programs of a run that still run, by the run's name in their environment. */
  const instruments = (): number =>
    readdirSync('/proc').filter((pid) => /^\d+$/.test(pid) && environmentOf(pid).includes('\0FAIRWAY_RUN=')).length
  /** After one more call the machine is as it was, and no program of a run is left. */
  async function expectClean(before: Awaited<ReturnType<typeof machineState>>): Promise<void> {
    const run = await beginRun({ waitSeconds: 10 })
    await run.end()
    expect(await machineState()).toEqual(before)
    expect(instruments()).toBe(0)
  }

  test('three kills, each at another moment, and one more call leave nothing, and what is not ours stays', async () => {
    const before = await machineState()
    for (const stage of ['begun', 'built', 'traffic'] as const) {
      await killed(await started(stage))
      if (stage !== 'begun') expect(await ownNamespaces()).toBeGreaterThan(0)
    }
    await expectClean(before)
    expect((await command(['ip', 'netns', 'list'])).includes(foreign)).toBe(true)
  })

  test('Podman, killed at the same moments, leaves no container, control group or folder after one more call', async () => {
    const before = await machineState()
    for (const stage of ['begun', 'built', 'traffic'] as const) await killed(await started(stage, 'podman'))
    await expectClean(before)
  })

  test.each(['starts', 'podman-starts'])(
    '%s of containers, killed while namespaces come and go, leave none after one more call',
    async (kind) => {
      const before = await machineState()
      for (const stage of ['built', 'traffic'] as const) await killed(await started(stage, kind))
      await expectClean(before)
    },
  )

  test('a sweep leaves a live campaign alone, and a second campaign is refused', async () => {
    const child = await started('traffic')
    const namespaces = await ownNamespaces()
    expect(await sweepUp(stateDirectory())).toEqual([])
    await expect(beginRun()).rejects.toThrow(BusyError)
    expect(child.exitCode).toBeNull()
    expect(await ownNamespaces()).toBe(namespaces)
    await killed(child)
    expect(await sweepUp(stateDirectory())).toHaveLength(1)
    expect(await ownNamespaces()).toBe(0)
  })
})
