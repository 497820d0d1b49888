/** What is read of connections, what speaks for them, and what their steps are fitted to. */
import { describe, expect, test } from 'vitest'
import {
  connectClientArguments,
  connectServerArguments,
  parseConnect,
  parseConnectLog,
} from '../../experiments/testbed/instruments/connect.js'
import { relayCall, whyNotRelay } from '../../experiments/testbed/instruments/relays.js'
import { prove } from '../../experiments/testbed/proof.js'
import { designRow, type Observation } from '../../models/calibration/fit.js'
import { coefficientNames } from '../../models/stages/index.js'
import { layOut } from '../../models/topology/layout.js'
import { inventedProfile } from '../models/fixture-profile.js'
import { connectionsOf } from '../testbed/scenarios.js'

/** Socket, connect, negotiate, exchange, close. */
const LOG = '1000,8000,0,10000,4000\n1200,8200,0,10200,4200\n1100,8100,0,10100,4100\n'
const CLIENT = '{"connections":5,"counted":3,"seconds":1.2,"clockNs":25}'

describe("the instrument's answer", () => {
  test('is all of each connection, and the median of each step', () => {
    expect([...parseConnectLog(LOG)]).toEqual([23_000, 23_800, 23_400])
    const result = parseConnect(CLIENT, '{"answered":5}\n', LOG)
    expect(result).toMatchObject({ messages: 3, total: { sent: 5, received: 5 }, latencyNs: { p50: 23_400 }, clockNs: 25 })
    expect(result.steps).toMatchObject({ socket: { passedNs: 1100 }, connect: { passedNs: 8100 }, close: { passedNs: 4100 } })
  })

  test('is refused where the server answered others, or nothing was counted', () => {
    expect(() => parseConnect(CLIENT, '{"answered":4}', LOG)).toThrow('5 connections were opened, and the server answered 4')
    expect(() => parseConnect(CLIENT, '{"answered":5}', '')).toThrow('none of 5 connections was counted')
  })
})

test('the client is told of each relay, and who it is where one asks', () => {
  const socket = { address: '10.70.0.2', port: 20_000, noDelay: true, messageBytes: 64 }
  const relays = [
    { address: '10.70.0.3', port: 20_001, authenticates: false },
    { address: '10.70.0.4', port: 20_002, authenticates: true },
  ]
  expect(connectServerArguments('connect', socket)).toEqual('connect serve 10.70.0.2 20000 64 nodelay'.split(' '))
  expect(connectClientArguments('connect', { ...socket, seconds: 1, logPath: 'log', relays })).toEqual(
    'connect open 10.70.0.2 20000 64 nodelay 0.4 0.550 2100 log 10.70.0.3:20001 10.70.0.4:20002:fairway:fairway'.split(' '),
  )
})

test('microsocks asks for a password by options; dante, which asks the system for its users, is refused', () => {
  const proxy = connectionsOf('bridge', { relay: true, password: true }).proxies['relay']!
  const place = { address: '10.70.0.3', port: 1080 }
  const { argv } = relayCall('microsocks', { ...proxy, listens: place, target: place, file: 'file' })
  expect(argv.slice(-4)).toEqual(['-u', 'fairway', '-P', 'fairway'])
  expect(whyNotRelay(proxy)).toBeNull()
  expect(whyNotRelay({ ...proxy, program: 'dante', bufferBytes: 65_536, noDelay: 'server' })).toMatch(
    /^dante asks the system for its users/,
  )
})

describe('the proof of connections', () => {
  const scenario = connectionsOf('bridge', { relay: true })
  const layout = layOut(scenario)
  const flow = scenario.flows['ask']!
  const counted = (packets: number, byRelay: number, byServer: number) => {
    const count = { rxPackets: packets, txPackets: packets, rxBytes: 0, txBytes: 0, dropped: 0 }
    const devices = ['container.client eth0', 'container.server eth0', 'proxy.relay eth0']
    const ports = ['host.h1 veth.client.net', 'host.h1 veth.server.net', 'host.h1 veth.relay.net']
    return {
      // A bridge counts nothing that it forwards.
      devices: {
        ...Object.fromEntries([...devices, ...ports].map((name) => [name, count])),
        'host.h1 br.net.1': { rxPackets: 0, txPackets: 0, rxBytes: 0, txBytes: 0, dropped: 0 },
      },
      protocols: { 'proxy.relay': { 'Tcp.PassiveOpens': byRelay }, 'container.server': { 'Tcp.PassiveOpens': byServer } },
    }
  }

  test('is what relay and server have accepted, and at least three segments each way on every device', () => {
    expect(prove(layout, flow, counted(60, 10, 10), 10, {})).toMatchObject({ verdict: 'proven', objections: [] })
  })

  test('is refuted where somebody accepted fewer, or a device carried fewer', () => {
    expect(prove(layout, flow, counted(60, 9, 10), 10, {}).objections).toEqual([
      'proxy.relay accepted 9 connections, fewer than the 10 that its processes take',
    ])
    expect(prove(layout, flow, counted(29, 10, 10), 10, {}).objections[0]).toMatch(/counted 29 packets received and 29 sent/)
  })
})

test("a step's observation is charged what happens within it, and its median is met by the profile that it was simulated with", () => {
  const profile = inventedProfile()
  const observation: Observation = { rowId: 'a', label: 'a', valueNs: 1, deviationNs: 1, scenario: connectionsOf('shared'), step: 'socket' }
  const { charges, offsetNs } = designRow(observation, profile)
  expect(coefficientNames.filter((_, i) => charges[i] !== 0)).toEqual(['socket.create.perConnectionNs'])
  expect(offsetNs).toBe(0)
})
