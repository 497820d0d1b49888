import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { meanInterval } from '../../sim/index.js'
import { createWorld, serve } from '../bench/kernel/mm1.js'

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8')

describe('the worked example of sim/README.md', () => {
  it('is the program that the benchmark runs', () => {
    const [, block] = /```ts\n([\s\S]*?)```/.exec(read('../../sim/README.md'))!
    const program = read('../bench/kernel/mm1.ts')
    expect(block!.replace("'fairway/sim'", "'../../../sim/index.js'")).toBe(program.slice(program.indexOf('import {')))
  })

  it('gives the mean time in system and the mean number inside of M/M/1', () => {
    const worlds = Array.from({ length: 12 }, (_, replication) => createWorld(0.8, 7, replication))
    for (const world of worlds) serve(world, 50_000)
    const response = meanInterval(
      worlds.map((world) => world.response.mean / 1e6),
      0.999,
    )
    expect(Math.abs(response.value - 5)).toBeLessThan(response.halfWidth)
    const inside = meanInterval(
      worlds.map((world) => world.numberInside.mean(world.queue.timeNs)),
      0.999,
    )
    expect(Math.abs(inside.value - 4)).toBeLessThan(inside.halfWidth)
  })
})
