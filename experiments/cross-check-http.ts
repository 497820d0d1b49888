/**
 * Holds wrk against h2load over HTTP on loopback: `node --no-warnings --import ./register.mjs experiments/cross-check-http.ts` (root). Their own loops differ, so
 * what both must agree on is what a relay adds to a request. Runs are interleaved, each with fresh processes on core 1; values are lower quartiles of
 * the runs' medians. Exit code 3 where what is added differs by more than 3 % of the response time through the relay.
 */
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createStream, lowerQuartile } from '../sim/index.js'
import { command } from './testbed/command.js'
import { h2loadArguments, h2loadMedian } from './testbed/instruments/h2load.js'
import { nginxServerCall } from './testbed/instruments/nginx-server.js'
import { relayCall } from './testbed/instruments/relays.js'
import { parseWrk, wrkArguments, wrkScript } from './testbed/instruments/wrk.js'
import { addNamespace, deleteNamespaces, kernelNameOf } from './testbed/namespace.js'
import { type Instrument, isBound, type Placement, startInstrument, waitFor } from './testbed/process.js'
import { beginRun } from './testbed/run.js'

const RUNS = 9
const BODY_BYTES = 1024
const BOUND = 0.03
/** h2load sends it with each request, and can't be told not to: so that relays have the same to read from both. */
const HEADERS = ['User-Agent: h2load nghttp2/1.52.0']
const PATHS = ['direct', 'nginx', 'haproxy'] as const
const CLIENTS = ['wrk', 'h2load'] as const
type Path = (typeof PATHS)[number]
type Client = (typeof CLIENTS)[number]

const run = await beginRun({ waitSeconds: 60 })
const namespace = kernelNameOf(run.id, 'cross')
const place: Placement = { namespace, core: 1, policy: 'other' }
let port = 22_000
try {
  await addNamespace(run.journal, namespace)
  await command(['ip', '-n', namespace, 'link', 'set', 'dev', 'lo', 'up'])
  const medians = new Map<string, number[]>()
  for (let repeat = 0; repeat < RUNS; repeat++)
    for (const path of PATHS)
      for (const client of CLIENTS) {
        const key = `${client} ${path}`
        medians.set(key, [...(medians.get(key) ?? []), await medianOf(path, client)])
      }
  const valueOf = (client: Client, path: Path) => lowerQuartile(medians.get(`${client} ${path}`)!, createStream(0, 0, 0)).value
  for (const client of CLIENTS) console.log(`${client}, direct: ${(valueOf(client, 'direct') / 1000).toFixed(2)} us`)
  let isWithin = true
  for (const path of ['nginx', 'haproxy'] as const) {
    const [theirs, ours] = CLIENTS.map((client) => valueOf(client, path) - valueOf(client, 'direct'))
    const difference = (theirs! - ours!) / valueOf('wrk', path)
    isWithin &&= Math.abs(difference) <= BOUND
    console.log(
      `${path} at layer 7 adds ${(theirs! / 1000).toFixed(2)} us by wrk, ${(ours! / 1000).toFixed(2)} us by h2load (${(100 * difference).toFixed(1)} % of a request), ${RUNS} runs each`,
    )
  }
  process.exitCode = isWithin ? 0 : 3
  await deleteNamespaces(run.id, [namespace])
} finally {
  await run.end()
}

async function medianOf(path: Path, client: Client): Promise<number> {
  const address = '127.0.0.1'
  const [server, relay] = [
    { address, port: ++port },
    { address, port: ++port },
  ]
  const file = join(run.folder, `cross.${port}`)
  const serves = nginxServerCall({ ...server, noDelay: true, bodyBytes: BODY_BYTES, file: `${file}.server` })
  writeFileSync(`${file}.server`, serves.configuration)
  const started = [await listening(serves.argv, server.port)]
  try {
    if (path !== 'direct') {
      const call = { kind: 'http', listens: relay, target: server, bufferBytes: 16_384, noDelay: true, file: `${file}.relay` } as const
      const { argv, configuration } = relayCall(path, call)
      writeFileSync(call.file, configuration!)
      started.push(await listening(argv, relay.port))
    }
    return await asked(client, path === 'direct' ? server : relay, `${file}.client`)
  } finally {
    for (const instrument of started) await instrument.stop()
  }
}

async function listening(argv: readonly string[], at: number): Promise<Instrument> {
  const instrument = startInstrument(run, argv, place)
  if (await waitFor(() => isBound(instrument.pid, 'tcp', at), 3000)) return instrument
  throw new Error(`${argv.join(' ')} doesn't listen`)
}

async function asked(client: Client, at: { readonly address: string; readonly port: number }, file: string): Promise<number> {
  if (client === 'wrk') writeFileSync(file, wrkScript())
  const argv =
    client === 'wrk' ? wrkArguments({ ...at, seconds: 1, file, headers: HEADERS }) : h2loadArguments({ ...at, seconds: 1, logPath: file })
  const asking = startInstrument(run, argv, place)
  await asking.ended
  const median = client === 'wrk' ? parseWrk(asking.output().stdout).latencyNs['p50']! : h2loadMedian(readFileSync(file, 'utf8'))
  rmSync(file, { force: true })
  return median
}
