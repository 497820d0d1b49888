/** Which instrument drives a flow: how its two ends are called, and what it answers. */

import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Flow, type InternetTransport, isUnix } from '../../models/topology/scenario.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { compileInstrument } from './instruments/compile.js'
import { connectClientArguments, connectServerArguments, parseConnect, parseConnectLog } from './instruments/connect.js'
import { iperf3ClientArguments, iperf3ServerArguments, parseIperf3 } from './instruments/iperf3.js'
import { nginxServerCall } from './instruments/nginx-server.js'
import { openLoopClientArguments, openLoopServerArguments, parseOpenLoop, parseOpenLoopLog } from './instruments/open-loop.js'
import { parsePingPong, parsePingPongLog, pingPongClientArguments, pingPongServerArguments } from './instruments/ping-pong.js'
import type { SocksRelay } from './instruments/proxychains.js'
import type { InstrumentResult } from './instruments/result.js'
import { clientArguments, parseFullLog, parseSockperf, serverArguments } from './instruments/sockperf.js'
import { parseStart, parseStartLog, startServerArguments } from './instruments/start-up.js'
import { parseWrk, wrkArguments, wrkScript, wrkSketch } from './instruments/wrk.js'

/** A socket as one end finds it: an address and a port, or a folder and a name in it. */
export interface SocketPlace {
  readonly address: string
  readonly port: number
  readonly unix?: { readonly folder: string; readonly name: string }
}

export interface EndCall extends SocketPlace {
  readonly noDelay: boolean
  readonly congestionControl: string
  /** Of all flows: what a server must take, bytes. */
  readonly largestBytes: number
}

/** @param folder of the run, where programs are compiled */
export async function serverCommand(folder: string, { transport, workload }: Flow, call: EndCall): Promise<string[]> {
  if (isUnix(transport)) return pingPongServerArguments(await compileInstrument(folder, 'ping-pong'), unixSocket(transport, workload, call))
  if (workload.kind === 'start') return startServerArguments(await compileInstrument(folder, 'start-up'), call, workload.messageBytes)
  if (workload.kind === 'connect')
    return connectServerArguments(await compileInstrument(folder, 'connect'), { ...call, messageBytes: workload.messageBytes })
  if (workload.kind === 'stream') return iperf3ServerArguments(call)
  if (workload.kind === 'http') {
    const file = join(folder, `server.${call.port}.conf`)
    const { argv, configuration } = nginxServerCall({ ...call, bodyBytes: workload.messageBytes, file })
    writeFileSync(file, configuration)
    return argv
  }
  const socket = { ...call, transport: transport satisfies InternetTransport }
  return workload.kind === 'open-loop'
    ? openLoopServerArguments(await compileInstrument(folder, 'open-loop'), { ...socket, workload })
    : serverArguments(socket)
}

export async function clientCommand(
  folder: string,
  { transport, workload }: Flow,
  call: EndCall & { readonly seconds: number; readonly logPath: string; readonly relays: readonly SocksRelay[] },
): Promise<string[]> {
  const { seconds, logPath } = call
  if (isUnix(transport))
    return pingPongClientArguments(await compileInstrument(folder, 'ping-pong'), {
      ...unixSocket(transport, workload, call),
      seconds,
      logPath,
    })
  if (workload.kind === 'connect')
    return connectClientArguments(await compileInstrument(folder, 'connect'), { ...call, messageBytes: workload.messageBytes })
  if (workload.kind === 'stream') return iperf3ClientArguments({ ...call, workload })
  if (workload.kind === 'http') {
    const file = join(folder, `client.${call.port}.lua`)
    writeFileSync(file, wrkScript())
    return wrkArguments({ ...call, file })
  }
  const socket = { ...call, transport: transport satisfies InternetTransport }
  return workload.kind === 'open-loop'
    ? openLoopClientArguments(await compileInstrument(folder, 'open-loop'), { ...socket, workload, seed: call.port })
    : clientArguments({ ...socket, messageBytes: workload.messageBytes })
}

function unixSocket(transport: Flow['transport'], { messageBytes }: Flow['workload'], { unix }: EndCall) {
  return { transport, place: unix!.folder, name: unix!.name, messageBytes }
}

/** @param servers what each printed. @throws Error where the client printed something else */
export function readResult({ transport, workload }: Flow, client: string, servers: readonly string[], log: string): InstrumentResult {
  if (workload.kind === 'stream') return parseIperf3(client, workload)
  if (workload.kind === 'http') return parseWrk(client)
  if (workload.kind === 'start') return parseStart(client, servers.join(''), log)
  if (workload.kind === 'connect') return parseConnect(client, servers.join(''), log)
  if (workload.kind === 'open-loop') return parseOpenLoop(client, servers.join(''), log)
  return isUnix(transport) ? parsePingPong(client, log) : parseSockperf(client)
}

function parserOf(transport: Flow['transport'], { kind }: Flow['workload']): (log: string) => Iterable<number> {
  if (kind === 'start') return parseStartLog
  if (kind === 'connect') return parseConnectLog
  return kind === 'open-loop' ? parseOpenLoopLog : isUnix(transport) ? parsePingPongLog : parseFullLog
}

/** @param client what it printed */
export function sketchOf({ transport, workload }: Flow, client: string, log: string): string {
  if (workload.kind === 'http') return wrkSketch(client)
  const sketch = new LatencySketch()
  // iperf3 times no message.
  if (workload.kind === 'stream') return sketch.encode()
  for (const ns of parserOf(transport, workload)(log)) sketch.record(ns)
  return sketch.encode()
}
