import { describe, expect, test } from 'vitest'
import { openLoopClientArguments, parseOpenLoop, parseOpenLoopLog } from '../../experiments/testbed/instruments/open-loop.js'

/** Four counted messages: intended, sent, received; the third never came back. */
const LOG = '400001000,400001200,400021000\n400101000,400101000,400131000\n400201000,400201400,-1\n400301000,400301100,400341000\n'

describe('the open-loop generator', () => {
  test('is told the load, and when its traffic begins: with that of sockperf', () => {
    const workload = { kind: 'open-loop', messageBytes: 64, ratePerSecond: 20_000, arrivals: 'poisson' } as const
    const call = {
      transport: 'udp',
      address: '10.70.0.2',
      port: 20_001,
      noDelay: true,
      largestBytes: 64,
      workload,
      seed: 7,
      seconds: 1,
      logPath: '/x',
    } as const
    expect(openLoopClientArguments('/run/open-loop', call)).toEqual([
      ...['/run/open-loop', 'send', 'udp', '10.70.0.2', '20001', '64', 'nodelay'],
      ...['20000', 'poisson', '7', '0.4', '0.6', '2100', '/x'],
    ])
  })

  test('counts response times from the intended time, and what was lost apart', () => {
    expect([...parseOpenLoopLog(LOG)]).toEqual([20_000, 30_000, 40_000])
    const client = '{"sent":6,"received":5,"counted":4,"seconds":1.0,"busyNs":250000000}\n'
    expect(parseOpenLoop(client, '{"processorNs":500000000}\n', LOG)).toMatchObject({
      total: { seconds: 1, sent: 6, received: 5 },
      messages: 3,
      dropped: 1,
      latencyNs: { min: 20_000, p50: 30_000, max: 40_000, mean: 30_000 },
      load: { latenessNs: { p50: 150 }, clientBusy: 0.25, serverBusy: 0.5 },
    })
  })

  test('that got no reply at all measured nothing', () => {
    const client = '{"sent":1,"received":0,"counted":1,"seconds":1.0,"busyNs":1}'
    expect(() => parseOpenLoop(client, '{"processorNs":1}', '400001000,400001200,-1\n')).toThrow('no reply to any of 1 messages')
    expect(() => parseOpenLoop('', '', '')).toThrow()
  })
})
