/** What a profile has no numbers for is named before anything is simulated. */
import { expect, test } from 'vitest'
import { parseExperiment } from '../../experiments/schema/index.js'
import { uncalibrated } from '../../experiments/uncalibrated.js'
import { inventedProfile } from '../models/fixture-profile.js'

const TEXT = `# What does a Unix-domain socket save?
name: unix
machines: { m1: { cores: 2 } }
hosts: { h1: { machine: m1 } }
networks: { net: { driver: shared } }
volumes: { run: { host: h1 } }
containers:
  server: { host: h1, networks: [net], volumes: [run] }
  client: { host: h1, networks: [net], volumes: [run] }
flows: { ping: { from: client, to: server, workload: { message: 64 B } } }
models: { shared: {}, stream: { flows: { ping: { transport: unix-stream } } }, datagram: { flows: { ping: { transport: unix-datagram } } } }
`

test('a profile that was fitted before there were Unix-domain sockets names their stages, in the models that cross them', () => {
  const parsed = parseExperiment(TEXT, 'unix.yaml')
  if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
  const whole = inventedProfile()
  const older = { ...whole, coefficients: whole.coefficients.filter(({ name }) => !/^(unix\.|instrument\.server\.own)/.test(name)) }
  const stages = ['unix.transmit', 'unix.receive', 'instrument.server.own']
  expect(uncalibrated(parsed.experiment, whole)).toEqual([])
  expect(uncalibrated(parsed.experiment, older)).toEqual([
    { model: 'stream', stages },
    { model: 'datagram', stages },
  ])
})
