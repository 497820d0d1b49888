/** Measures a probe set: the instrument, compiled with gcc, in fresh namespaces for each run. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { layOut, type Scenario } from '../models/index.js'
import { isProbeRunMeasured, type ProbePlan, type ProbeSet, sealProbeSet, writeProbeRun } from './probes.js'
import { atomicWrite } from './store/index.js'
import { type BuiltLayout, buildLayout } from './testbed/build.js'
import { environmentOf } from './testbed/environment.js'
import { compileInstrument } from './testbed/instruments/compile.js'
import { startInstrument } from './testbed/process.js'
import { beginRun, type RunOptions, type TestbedRun } from './testbed/run.js'

/** Measures what is missing of a probe set. @throws BusyError when somebody else measures; CommandError where gcc is missing or refuses */
export async function measureProbes(plan: ProbePlan, directory: string, options: RunOptions = {}): Promise<ProbeSet> {
  const planPath = join(directory, 'probes.json')
  if (!existsSync(planPath)) atomicWrite(planPath, `${JSON.stringify(plan, null, 2)}\n`)
  const run = await beginRun(options)
  try {
    const environment = await environmentOf()
    const program = await compileInstrument(run.folder, 'probes')
    for (let repeat = 0; repeat < plan.runs; repeat++) {
      if (isProbeRunMeasured(directory, repeat)) continue
      const built = await buildLayout(run, onePod, layOut(onePod))
      try {
        const outputs = await probed(run, built, program, plan)
        writeProbeRun(directory, { repeat, measuredAt: new Date().toISOString(), environment, outputs })
      } finally {
        await built.remove()
      }
    }
  } finally {
    await run.end()
  }
  return sealProbeSet(directory)
}

/** After a rest there is nothing to average but the rests. */
const RESTS = 100
const REST_BYTES = 64

async function probed(run: TestbedRun, built: BuiltLayout, program: string, plan: ProbePlan): Promise<Record<string, string>> {
  const calls = [
    ...plan.transports.flatMap((transport) => plan.sizesBytes.map((bytes) => [transport, bytes, plan.calls])),
    ...(plan.restsMs ?? []).map((restMs) => ['tcp', REST_BYTES, RESTS, restMs]),
  ]
  const outputs: Record<string, string> = {}
  for (const [transport, bytes, times, ...rest] of calls) {
    const argv = [program, transport, bytes, times, ...rest].map(String)
    const instrument = startInstrument(run, argv, { namespace: built.kernelName('pod.net'), core: 1, policy: 'other' })
    const code = await instrument.ended
    const { stdout, stderr } = instrument.output()
    const call = [transport, bytes, ...rest].join(' ')
    if (code !== 0) throw new Error(`probes ${call}: ${stderr.trim() || `ended with ${code}`}`)
    outputs[call] = stdout
  }
  return outputs
}

/** One namespace with its loopback device: where the probes run. */
const onePod: Scenario = {
  machines: { m1: { cores: 2, idle: 'as-found' } },
  hosts: { h1: { machine: 'm1' } },
  links: [],
  networks: { net: { driver: 'shared', subnet: '10.70.0.0/24', mtuBytes: 65536, bridges: 1, ends: 'bridge', vni: 1 } },
  containers: { probe: { host: 'h1', core: 1, networks: ['net'], bridge: 1, policy: 'other', noDelay: true } },
  proxies: {},
  tcp: { congestionControl: 'cubic', quickAck: false, offloads: true, rps: false, bridgeNfCallIptables: false },
  flows: {},
}
