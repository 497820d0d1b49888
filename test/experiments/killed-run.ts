/** Started by the runner's test, to be killed: a slow run into the folder named by the first argument, one line per finished replication. */
import { runExperiment } from '../../experiments/runner.js'
import { experiment, point, profile } from './sample.js'

await runExperiment(experiment({ points: [64, 256].map((size) => point(size, 10)) }), profile, {
  folder: process.argv[2]!,
  simulator: new URL('./fake-simulator.ts', import.meta.url),
  workers: 1,
  onProgress: ({ done }) => console.log(done),
})
