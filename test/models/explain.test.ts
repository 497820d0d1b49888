/** What `explain` says of each experiment that ships, under invented costs: one file each to be read whole. */
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import type { Point } from '../../experiments/experiment.js'
import { parseExperiment } from '../../experiments/schema/index.js'
import { explainScenario } from '../../models/topology/explain.js'
import type { ExplainedStage } from '../../models/topology/explanation.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const shipped = fileURLToPath(new URL('../../experiments/', import.meta.url))
const profile = inventedProfile()

function inWords(stage: ExplainedStage): string {
  const columns = [stage.name.padEnd(18), stage.namespace.padEnd(17), (stage.device ?? '').padEnd(18), stage.context.padEnd(12)]
  return `  ${columns.join('')}core ${stage.core}${stage.costNs.toFixed(1).padStart(10)} ns  ${stage.evidence}`
}

function explained({ model, id, scenario }: Point): string {
  const paths = explainScenario(scenario, profile).map(
    (path) => `${model} ${path.flow} ${path.direction}  ${id}\n${path.stages.map(inWords).join('\n')}\n`,
  )
  return paths.join('\n')
}

describe('the stages of each experiment that ships', () => {
  for (const file of readdirSync(shipped).filter((name) => name.endsWith('.yaml'))) {
    it(`stand in its golden file: ${file}`, async () => {
      const parsed = parseExperiment(readFileSync(shipped + file, 'utf8'), file)
      if ('errors' in parsed) throw new Error(JSON.stringify(parsed.errors))
      // Stages depend on the network model, the engine and the transport; a size, the first of each, is enough.
      const first = new Map<string, Point>()
      for (const point of parsed.experiment.points) {
        const kind = `${point.model} ${point.scenario.engine} ${Object.values(point.scenario.flows).map((flow) => flow.transport)}`
        if (!first.has(kind)) first.set(kind, point)
      }
      const text = [...first.values()].map(explained).join('\n')
      await expect(text).toMatchFileSnapshot(`../golden/explain/${file.replace('.yaml', '.txt')}`)
    })
  }
})

describe('an explained path', () => {
  it('has shares that add up to 1', () => {
    for (const { stages } of explainScenario(smallScenario({ driver: 'overlay', relay: true }), profile)) {
      expect(stages.reduce((sum, stage) => sum + stage.share, 0)).toBeCloseTo(1, 12)
    }
  })

  it('goes back over the stages of the way there, with the ends exchanged', () => {
    const [there, back] = explainScenario(smallScenario({ driver: 'bridge', relay: true, bridges: 2 }), profile)
    const names = (stages: readonly ExplainedStage[]) =>
      stages
        .map((stage) => stage.name)
        .filter((name) => name !== 'instrument.server')
        .sort()
    expect(names(back!.stages)).toEqual(names(there!.stages))
  })

  it('charges every fragment of a datagram at every device', () => {
    const costAt = (messageBytes: number) =>
      explainScenario(smallScenario({ driver: 'veth', transport: 'udp', messageBytes }), profile)[0]!.stages.find(
        (stage) => stage.name === 'veth.transmit',
      )!.costNs
    const value = (name: string) => profile.coefficients.find((c) => c.name === name)!.value
    const perByte = value('veth.transmit.perByteNs')
    const perFragment = value('veth.transmit.perPacketNs') + value('veth.transmit.perNamespaceNs')
    expect(costAt(1472)).toBe(perFragment + 1472 * perByte)
    expect(costAt(1473)).toBe(2 * perFragment + 1473 * perByte)
  })
})
