import { describe, expect, it } from 'vitest'
import { MISTAKES } from './mistakes.js'
import { changed, printed, SMALL } from './small-experiment.js'

it('finds no mistake in the experiment that the others are broken from', () => {
  expect(printed(SMALL)).toEqual([])
})

for (const [part, mistakes] of Object.entries(MISTAKES)) {
  describe(`mistakes in ${part} are printed with place, expectation and nearest word`, () => {
    it.each(mistakes.map((mistake) => [mistake.what, mistake] as const))('%s', (_, { changes, printed: lines }) => {
      const count = lines.length === 1 ? '1 mistake' : `${lines.length} mistakes`
      expect(lines.length).toBeGreaterThan(0)
      expect(printed(changed(SMALL, changes))).toEqual([...lines, `${count}; nothing was run.`])
    })
  })
}

it('reports mistakes of every part at once, in the order of the file', () => {
  const text = changed(SMALL, [
    ['cores: 2', 'cores: none'],
    ['driver: bridge', 'driver: brige'],
    ['server: { host: h1', 'server: { host: h2'],
    ['64 B', '64 ms'],
  ])
  expect(printed(text)).toEqual([
    'small.yaml:3:26  machines.m1.cores: expected a whole number from 1 to 1024, got "none"',
    'small.yaml:5:28  networks.net.driver: expected shared, host, none, bridge, veth, routed, macvlan, ebpf-redirect or overlay, got "brige" (did you mean "bridge"?)',
    'small.yaml:7:19  containers.server.host: expected the name of a host (h1), got "h2" (did you mean "h1"?)',
    'small.yaml:10:58  flows.ping.workload.message: expected a size such as "64 B" or "4 KiB", got "64 ms" (a duration)',
    '4 mistakes; nothing was run.',
  ])
})
