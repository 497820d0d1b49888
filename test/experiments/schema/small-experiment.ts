/** A small experiment that tests break on purpose, a line for each part of the file. */
import { formatErrors, type ParseOptions, parseExperiment } from '../../../experiments/schema/index.js'

export const SMALL = `# Does it parse?
name: small
machines: { m1: { cores: 2 } }
hosts: { h1: { machine: m1 } }
networks: { net: { driver: bridge, subnet: 10.70.0.0/24 } }
containers:
  server: { host: h1, networks: [net] }
  client: { host: h1, networks: [net] }
flows:
  ping: { from: client, to: server, workload: { message: 64 B } }
`

/** Replaces parts of a text; a part that is not there exactly once is a mistake of the test. */
export function changed(text: string, changes: readonly (readonly [string, string])[]): string {
  return changes.reduce((before, [from, to]) => {
    if (before.split(from).length !== 2) throw new Error(`expected ${JSON.stringify(from)} exactly once`)
    return before.replace(from, () => to)
  }, text)
}

/** What the command would print, line by line; nothing for a file without a mistake. */
export function printed(text: string, options?: ParseOptions): readonly string[] {
  const parsed = parseExperiment(text, 'small.yaml', options)
  return 'errors' in parsed ? formatErrors(parsed.errors).split('\n') : []
}
