/** A measurement that says how far it has come and never ends by itself: the tests kill it. Its argument names another engine, or starts of containers. */

import { buildLayout } from '../../experiments/testbed/build.js'
import { startMeasurement } from '../../experiments/testbed/measurement.js'
import { beginRun } from '../../experiments/testbed/run.js'
import { layOut } from '../../models/topology/layout.js'
import { scenarioOf, startsOf } from './scenarios.js'

const [, , kind] = process.argv
const exchange = { ...scenarioOf({ driver: 'bridge', relay: true }), ...(kind === 'podman' && { engine: 'podman' as const }) }
const scenario = kind === 'starts' ? startsOf(4, 'cni') : kind === 'podman-starts' ? startsOf(2, 'podman') : exchange
const run = await beginRun({ waitSeconds: 60 })
console.log('begun')
const built = await buildLayout(run, scenario, layOut(scenario))
console.log('built')
await startMeasurement(run, built, scenario, { seconds: 50, keepLogs: false })
setTimeout(() => console.log('traffic'), 2500)
setInterval(() => undefined, 1000)
