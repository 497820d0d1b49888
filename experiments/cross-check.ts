/**
 * Holds Fairway's own ping-pong against sockperf over a path that both can drive, TCP on loopback: `node --no-warnings --import ./register.mjs
 * experiments/cross-check.ts` (root). Runs of both are interleaved, each with fresh processes on core 1; values are lower quartiles of the runs'
 * medians. Exit code 3 where they differ by more than 3 %.
 */
import { readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createStream, lowerQuartile } from '../sim/index.js'
import { command } from './testbed/command.js'
import { compileInstrument } from './testbed/instruments/compile.js'
import { parsePingPong, pingPongClientArguments, pingPongServerArguments } from './testbed/instruments/ping-pong.js'
import { clientArguments, parseSockperf, serverArguments } from './testbed/instruments/sockperf.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './testbed/namespace.js'
import { isBound, type Placement, startInstrument, waitFor } from './testbed/process.js'
import { beginRun, type TestbedRun } from './testbed/run.js'

const RUNS = 9
const SIZES = [64, 1400]
const BOUND = 0.03

const run = await beginRun({ waitSeconds: 60 })
const namespace = kernelNameOf(run.id, 'cross')
try {
  await addNamespace(run.journal, namespace)
  await command(['ip', '-n', namespace, 'link', 'set', 'dev', 'lo', 'up'])
  const place: Placement = { namespace, core: 1, policy: 'other' }
  const medians = new Map<string, number[]>()
  let port = 21_000
  for (let repeat = 0; repeat < RUNS; repeat++)
    for (const bytes of SIZES)
      for (const [name, measure] of [
        ['sockperf', bySockperf],
        ['ping-pong', byPingPong],
      ] as const) {
        const key = `${name} ${bytes}`
        medians.set(key, [...(medians.get(key) ?? []), await measure(run, place, bytes, ++port)])
      }
  let isWithin = true
  for (const bytes of SIZES) {
    const [theirs, ours] = ['sockperf', 'ping-pong'].map((name) => lowerQuartile(medians.get(`${name} ${bytes}`)!, createStream(0, 0, 0)))
    const difference = ours!.value / theirs!.value - 1
    isWithin &&= Math.abs(difference) <= BOUND
    const shown = [theirs!, ours!].map(({ value, halfWidth }) => `${value.toFixed(0)} ± ${(halfWidth ?? 0).toFixed(0)} ns`)
    console.log(
      `TCP on loopback, ${bytes} B: sockperf ${shown[0]}, ping-pong ${shown[1]} (${(100 * difference).toFixed(1)} %), ${RUNS} runs each`,
    )
  }
  process.exitCode = isWithin ? 0 : 3
  await deleteNamespaces(run.id, [namespace])
} finally {
  await run.end()
}

async function bySockperf(run: TestbedRun, place: Placement, messageBytes: number, port: number): Promise<number> {
  const call = { transport: 'tcp', address: '127.0.0.1', port, noDelay: true, largestBytes: messageBytes } as const
  const logPath = join(run.folder, 'cross.csv')
  const output = await played(run, place, port, serverArguments(call), clientArguments({ ...call, messageBytes, seconds: 1, logPath }))
  rmSync(logPath, { force: true })
  return parseSockperf(output).latencyNs['p50']!
}

async function byPingPong(run: TestbedRun, place: Placement, messageBytes: number, port: number): Promise<number> {
  const program = await compileInstrument(run.folder, 'ping-pong')
  const socket = { transport: 'tcp', place: '127.0.0.1', name: String(port), messageBytes } as const
  const logPath = join(run.folder, 'cross.log')
  const argv = pingPongClientArguments(program, { ...socket, seconds: 1, logPath })
  const output = await played(run, place, port, pingPongServerArguments(program, socket), argv)
  return parsePingPong(output, readFileSync(logPath, 'utf8')).latencyNs['p50']!
}

/** @returns what the client printed */
async function played(
  run: TestbedRun,
  place: Placement,
  port: number,
  serves: readonly string[],
  plays: readonly string[],
): Promise<string> {
  const server = startInstrument(run, serves, place)
  try {
    if (!(await waitFor(() => isBound(server.pid, 'tcp', port), 3000))) throw new Error(`${serves.join(' ')} doesn't listen`)
    const client = startInstrument(run, plays, place)
    await client.ended
    return client.output().stdout
  } finally {
    await server.stop()
  }
}
