/**
 * `explain --prove` on the live kernel: over every element that the testbed builds, what the kernel shows agrees with the stages; and with
 * the same topology wired another way by one device it says so, and ends with exit code 3.
 */
import { spawn } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeAll, describe, expect, test } from 'vitest'
import { exitCodeOf } from '../../cli/prove-experiment.js'
import { parseExperiment } from '../../experiments/schema/index.js'
import { waitFor } from '../../experiments/testbed/process.js'
import { casesOf, type FlowProof, proveAll } from '../../experiments/testbed/prove/index.js'
import { beginRun } from '../../experiments/testbed/run.js'
import { hundred } from '../cli/sample-profile.js'
import { requireTestbed } from './guard.js'
import { machineState } from './machine-state.js'
import { rewirings } from './rewirings.js'

const file = fileURLToPath(new URL('paths.yaml', import.meta.url))
const parsed = parseExperiment(readFileSync(file, 'utf8'), 'paths.yaml')
if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
const profile = hundred()
const cases = casesOf(parsed.experiment, profile)
const models = cases.map(({ model }) => model)

/** Stages that a message may do without; on a busy machine a whole run may. */
const SOMETIMES = ['socket.wakeup', 'interrupt.deliver', 'idle.exit', 'context.switch']

const built = new Map<string, FlowProof>()
const rewired = new Map<string, FlowProof>()
let before: Awaited<ReturnType<typeof machineState>>

beforeAll(async () => {
  await requireTestbed()
  before = await machineState()
  const run = await beginRun({ waitSeconds: 60 })
  try {
    const wrong = cases.map((one) => ({ ...one, rewire: rewirings[one.model]! }))
    const results = await proveAll(run, [...cases, ...wrong], profile, { atOnce: 5 })
    for (const [index, result] of results.entries()) {
      if ('reason' in result) throw new Error(`${result.model}: ${result.reason}`)
      for (const proof of result) (index < cases.length ? built : rewired).set(proof.model, proof)
    }
  } finally {
    await run.end()
  }
}, 400_000)

test('every element has a wiring that is wrong', () => {
  expect(Object.keys(rewirings).sort()).toEqual([...models].sort())
})

describe('as it was built', () => {
  test.each(models)('%s: nothing that the kernel shows contradicts the stages, and each that has a witness is seen', (model) => {
    const proof = built.get(model)!
    expect(contradictionsIn(proof)).toEqual([])
    expect(proof.messages).toBeGreaterThan(0)
    expect(exitCodeOf([proof])).toBe(0)
    const unproven = proof.paths.flatMap(({ stages }) => stages).filter(({ verdict }) => verdict !== 'proven')
    expect(unproven.filter(({ name }) => !SOMETIMES.includes(name))).toEqual([])
  })

  test('the first packet stands apart: it looks up routes that later packets find', () => {
    const { firstPacket } = built.get('routed')!
    expect(firstPacket.verdict).toBe('proven')
    expect(firstPacket.besides['fib_table_lookup']).toBeGreaterThan(0)
  })
})

describe('wired another way by one device', () => {
  test.each(models)('%s: ends with exit code 3, and says where', (model) => {
    const proof = rewired.get(model)!
    expect(proof.verdict).toBe('contradicted')
    expect(contradictionsIn(proof)).not.toEqual([])
    expect(exitCodeOf([proof])).toBe(3)
  })
})

describe('clean-up', () => {
  test('it leaves the machine as it was: no trace, no setting, no namespace', async () => {
    expect(await machineState()).toEqual(before)
    expect(ownTraces()).toEqual([])
  })

  test('a kill in the middle leaves a trace, which the next run takes away', async () => {
    const path = (name: string): string => fileURLToPath(new URL(`../../${name}`, import.meta.url))
    const args = ['--no-warnings', '--import', path('register.mjs'), path('cli/main.ts'), 'explain', '--prove', 'first', '--wait', '60']
    const child = spawn(process.execPath, args, { stdio: 'ignore' })
    const gone = new Promise((resolve) => child.once('exit', resolve))
    expect(await waitFor(() => ownTraces().length === 2, 30_000)).toBe(true)
    child.kill('SIGKILL')
    await gone
    expect(ownTraces()).toHaveLength(2)
    const run = await beginRun({ waitSeconds: 10 })
    await run.end()
    expect(await machineState()).toEqual(before)
    expect(ownTraces()).toEqual([])
  })
})

function ownTraces(): string[] {
  const instances = '/sys/kernel/tracing/instances'
  return existsSync(instances) ? readdirSync(instances).filter((name) => name.startsWith('fairway-')) : []
}

function contradictionsIn(proof: FlowProof): string[] {
  const stages = proof.paths.flatMap((path) => path.stages).filter(({ verdict }) => verdict === 'contradicted')
  return [...stages.map(({ name, witness }) => `${name}: ${witness}`), ...proof.objections, ...proof.firstPacket.objections]
}
