/** What is read of starts, what speaks for them, and what their steps are fitted to. */
import { describe, expect, test } from 'vitest'
import { parseStart, parseStartLog, startAddress, startClientArguments } from '../../experiments/testbed/instruments/start-up.js'
import { proveStarts } from '../../experiments/testbed/proof.js'
import type { TestbedRun } from '../../experiments/testbed/run.js'
import { layOut } from '../../models/topology/layout.js'
import { startsOf } from '../testbed/scenarios.js'

/** Container, lateness, and of each step what passed and what the process had a core for. */
const LOG = '0,10,100,90,50,50,20,20,5,0,30,25\n1,30,200,90,50,50,20,20,5,0,30,25\n0,20,300,90,50,50,20,20,5,0,30,25\n'
const CLIENT = '{"rounds":2,"started":3,"seconds":0.5}'

describe("the starter's answer", () => {
  test('counts a start from the moment at which all begin, and gives the median of each step', () => {
    expect([...parseStartLog(LOG)]).toEqual([215, 335, 425])
    const result = parseStart(CLIENT, '{"accepted":3}', LOG)
    expect(result).toMatchObject({ messages: 3, total: { sent: 3, received: 3 }, latencyNs: { p50: 335, min: 215, max: 425 } })
    expect(result.steps).toEqual({
      timer: { passedNs: 20, coreNs: 0 },
      namespace: { passedNs: 200, coreNs: 90 },
      device: { passedNs: 50, coreNs: 50 },
      address: { passedNs: 20, coreNs: 20 },
      carrier: { passedNs: 5, coreNs: 0 },
      'first-packet': { passedNs: 30, coreNs: 25 },
    })
  })

  test('is refused where the server answered others, or starts are missing from the log', () => {
    expect(() => parseStart(CLIENT, '{"accepted":2}', LOG)).toThrow('3 containers started, and the server answered 2')
    expect(() => parseStart(CLIENT, '{"accepted":3}', LOG.slice(0, LOG.indexOf('\n') + 1))).toThrow('3 containers started, 1 in the log')
  })
})

test('starts have addresses of their own, from the end of the subnet', () => {
  expect([0, 1, 2].map((i) => startAddress('10.70.0.0/24', 3, i))).toEqual(['10.70.0.252', '10.70.0.253', '10.70.0.254'])
  const scenario = startsOf(3)
  const layout = layOut(scenario)
  const starter = {
    run: {} as TestbedRun,
    built: { layout, kernelName: (name: string) => name },
    program: 'start-up',
    folder: 'folder',
    usageFile: '',
  }
  const call = { address: '10.70.0.2', port: 20_000, seconds: 4, logPath: 'log' }
  const argv = startClientArguments(starter, scenario, scenario.flows['start']!, call)
  expect(argv.slice(1)).toEqual('start 10.70.0.2 20000 64 3 1 2 2100 4 log netns br.net.1 1500 24 10.70.0.252'.split(' '))
})

describe('the proof of starts', () => {
  const scenario = startsOf(2)
  const layout = layOut(scenario)
  const flow = scenario.flows['start']!
  const counted = (server: number, accepted: number, client = 0) => {
    const count = (packets: number) => ({ rxPackets: packets, txPackets: packets, rxBytes: 0, txBytes: 0, dropped: 0 })
    return {
      devices: { 'container.server eth0': count(server), 'container.client eth0': count(client) },
      protocols: { 'container.server': { 'Tcp.PassiveOpens': accepted } },
    }
  }

  test('is the connections that the server accepted, over its own device', () => {
    expect(proveStarts(layout, flow, counted(60, 10), 10)).toMatchObject({ verdict: 'proven', objections: [] })
  })

  test('is refuted where it accepted others, its device was quiet, or the container of the layout sent', () => {
    expect(proveStarts(layout, flow, counted(60, 9), 10).objections).toEqual(['server accepted 9 connections of 10 containers'])
    expect(proveStarts(layout, flow, counted(12, 10), 10).objections[0]).toMatch(/^container.server eth0 counted 12 packets/)
    expect(proveStarts(layout, flow, counted(60, 10, 60), 10).objections[0]).toMatch(/^container.client eth0 sent 60 packets/)
  })
})
