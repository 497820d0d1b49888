/** What is read of wrk, what servers and relays of HTTP are told, and what speaks for them. */
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { nginxServerCall } from '../../experiments/testbed/instruments/nginx-server.js'
import { relayCall } from '../../experiments/testbed/instruments/relays.js'
import { type Histogram, latencyQuantile, parseWrk, uncorrected, wrkSketch } from '../../experiments/testbed/instruments/wrk.js'
import { whyNotMeasurable } from '../../experiments/testbed/measurable.js'
import { prove } from '../../experiments/testbed/proof.js'
import { layOut } from '../../models/topology/layout.js'
import { createStream } from '../../sim/index.js'
import { LatencySketch } from '../../sim/statistics/latency-sketch.js'
import { requestsOf } from '../testbed/scenarios.js'

/** stats_correct() of wrk 4.1.0, src/stats.c, line by line. */
function corrected(times: Histogram, expected: number): Histogram {
  const data = new Map(times)
  const max = times.at(-1)![0]
  for (let n = 2 * expected; n <= max; n++) {
    const count = data.get(n) ?? 0
    for (let m = n - expected; count > 0 && m > expected; m -= expected) data.set(m, (data.get(m) ?? 0) + count)
  }
  return [...data].sort(([a], [b]) => a - b)
}

describe("wrk's histogram", () => {
  test('is what was measured once its correction is taken away, whatever was', () => {
    const times = fc
      .uniqueArray(fc.tuple(fc.integer({ min: 1, max: 400 }), fc.integer({ min: 1, max: 50 })), { minLength: 1, selector: ([us]) => us })
      .map((entries) => entries.sort(([a], [b]) => a - b))
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 40 }), (histogram, interval) => {
        expect([...uncorrected(corrected(histogram, interval), interval)].sort(([a], [b]) => a - b)).toEqual(histogram)
      }),
    )
  })

  test('gives a median finer than its steps: within a tenth of one, wherever between two the times lie', () => {
    const stream = createStream(1, 0, 0)
    for (let tenth = 0; tenth < 10; tenth++) {
      const counts = new Map<number, number>()
      for (let i = 0; i < 20_000; i++) {
        const began = 1000 * stream.uniform()
        const us = Math.floor(began + 20 + tenth / 10 + 0.4 * (stream.uniform() - 0.5)) - Math.floor(began)
        counts.set(us, (counts.get(us) ?? 0) + 1)
      }
      const histogram = [...counts].sort(([a], [b]) => a - b)
      expect(Math.abs(latencyQuantile(histogram, 0.5) - (20_000 + 100 * tenth))).toBeLessThan(100)
    }
  })

  const printed = (report: object) => `Running 1s test\n${JSON.stringify(report)}\n`
  const report = {
    requests: 4,
    durationUs: 40,
    errors: 0,
    histogram: [
      [9, 1],
      [10, 2],
      [11, 1],
    ],
  }

  test('is read with its number, mean and sketch', () => {
    const { messages, total, latencyNs } = parseWrk(printed(report))
    expect({ messages, total }).toEqual({ messages: 4, total: { seconds: 4e-5, sent: 4, received: 4 } })
    expect(latencyNs).toMatchObject({ p50: 10_000, mean: 10_000, min: 9000, max: 11_000 })
    expect(LatencySketch.decode(wrkSketch(printed(report))).count).toBe(4)
  })

  test('is refused where requests failed, or are not all in it', () => {
    expect(() => parseWrk(printed({ ...report, errors: 2 }))).toThrow('2 of 4 requests failed')
    expect(() => parseWrk(printed({ ...report, requests: 5 }))).toThrow('5 requests were answered, and 4 timed')
    expect(() => parseWrk('unable to connect to 10.70.0.2:20001 Connection refused\n')).toThrow('Connection refused')
  })
})

test.each([14, 64, 1023, 1024, 1400, 16_384, 65_536, 200_001])(
  'the server answers with a body of %i B, none of its lines above 4 KiB',
  (bytes) => {
    const { configuration } = nginxServerCall({ address: '10.70.0.2', port: 20_000, noDelay: true, bodyBytes: bytes, file: '/f' })
    const variables = new Map<string, string>()
    const valueOf = (text: string): string => text.replace(/\$\{(\w+)\}/g, (_, name: string) => variables.get(name)!)
    for (const [, name, text] of configuration.matchAll(/set \$(\w+) "([^"]*)"/g)) variables.set(name!, valueOf(text!))
    expect(valueOf(/return 200 "([^"]*)"/.exec(configuration)![1]!)).toHaveLength(bytes)
    for (const [text] of configuration.matchAll(/"[^"]*"/g)) expect(text.length).toBeLessThan(4096)
  },
)

test('the same program relays at layer 4 or 7 as its kind says', () => {
  const place = { address: '10.70.0.3', port: 20_002 }
  const call = (program: 'nginx' | 'haproxy', kind: 'tcp' | 'http') =>
    relayCall(program, { kind, listens: place, target: place, bufferBytes: 16_384, noDelay: true, file: '/f' }).configuration!
  expect(call('haproxy', 'tcp')).toContain('mode tcp')
  expect(call('haproxy', 'http')).toMatch(/mode http\n.*http-keep-alive/)
  expect(call('nginx', 'tcp')).toContain('stream {')
  expect(call('nginx', 'http')).toMatch(/keepalive 1;[\s\S]*proxy_http_version 1\.1;/)
})

test('a client without TCP_NODELAY is no wrk', () => {
  const scenario = requestsOf('bridge')
  const held = { ...scenario, containers: { ...scenario.containers, client: { ...scenario.containers.client!, noDelay: false } } }
  expect(whyNotMeasurable(scenario, 2)).toBeNull()
  expect(whyNotMeasurable(held, 2)).toBe('flow get: wrk always sets TCP_NODELAY: client without it can only be simulated')
})

test('the proof of requests is a connection that stands, and relays that received the bodies', () => {
  const scenario = requestsOf('bridge', { kind: 'http', program: 'nginx' })
  const layout = layOut(scenario)
  const count = { rxPackets: 1000, txPackets: 1000, rxBytes: 0, txBytes: 0, dropped: 0 }
  const ends = ['client', 'server', 'relay']
  const devices = [
    ...ends.map((end) => `${end === 'relay' ? 'proxy' : 'container'}.${end} eth0`),
    ...ends.map((end) => `host.h1 veth.${end}.net`),
  ]
  const counted = (accepted: number) => ({
    devices: {
      ...Object.fromEntries(devices.map((name) => [name, count])),
      'host.h1 br.net.1': { rxPackets: 0, txPackets: 0, rxBytes: 0, txBytes: 0, dropped: 0 },
    },
    protocols: { 'container.server': { 'Tcp.PassiveOpens': accepted } },
  })
  const flow = scenario.flows['get']!
  expect(prove(layout, flow, counted(1), 1000, { relay: 300_000 })).toMatchObject({ verdict: 'proven', objections: [] })
  expect(prove(layout, flow, counted(1000), 1000, { relay: 300_000 }).objections).toEqual([
    'container.server accepted 1000 connections: they were not kept for the next request',
  ])
  expect(prove(layout, flow, counted(1), 1000, { relay: 30_000 }).objections[0]).toMatch(/^proxy relay received 30 bytes a message/)
})
