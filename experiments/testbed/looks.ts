/** What is looked at while the traffic of a measurement runs, and right after it. */
import type { BuiltLayout } from './build.js'
import { TIMELINE } from './instruments/sockperf.js'
import { familyOf, type Instrument, packetsSentBeside, switchesOf } from './process.js'
import { bytesReceivedBy } from './sockets.js'
import type { Look } from './switches.js'

/** A process of a flow that is being measured. */
export interface Endpoint {
  readonly name: string
  readonly instrument: Instrument
  readonly flow: string
}

/** Looks at every process twice during the traffic: after sockperf's warm-up, and shortly before its end. */
export async function lookAtTraffic(
  all: readonly Endpoint[],
  clients: readonly Endpoint[],
  startedMs: number,
  seconds: number,
): Promise<Look[]> {
  const times = [TIMELINE.trafficS + TIMELINE.warmUpS + 0.02, TIMELINE.trafficS + seconds - TIMELINE.coolDownS - 0.03]
  const looks: Look[] = []
  for (const at of times) {
    await sleepUntil(startedMs + at * 1000)
    looks.push({
      atMs: performance.now() - startedMs,
      packets: Object.fromEntries(clients.map((client) => [client.flow, packetsSentBeside(client.instrument.pid)])),
      switches: Object.fromEntries(all.map((each) => [each.name, switchesOf(each.instrument.pid)])),
    })
  }
  return looks
}

/** What each relay has received: asked when the traffic is over and the client, which sleeps 0.1 s before it prints, has not hung up yet. */
export async function lookAtRelays(
  built: BuiltLayout,
  relays: readonly Endpoint[],
  startedMs: number,
  seconds: number,
): Promise<Record<string, number>> {
  if (relays.length === 0) return {}
  await sleepUntil(startedMs + (TIMELINE.trafficS + seconds + 0.05) * 1000)
  const received: Record<string, number> = {}
  for (const { name, instrument } of relays) {
    const { namespace } = built.layout.processes.find((process) => process.name === name)!
    received[name] = await bytesReceivedBy(built.kernelName(namespace), familyOf(instrument.pid))
  }
  return received
}

/** @param atMs of `performance.now()` */
export async function sleepUntil(atMs: number): Promise<void> {
  const left = atMs - performance.now()
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left))
}
