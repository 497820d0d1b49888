import { describe, expect, it } from 'vitest'
import { simulateReplication } from '../../models/simulate.js'
import type { CpuQuota, Scenario } from '../../models/topology/scenario.js'
import { inventedProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const PERIOD_NS = 10e6

/** A ping-pong of 64 bytes on one core, whose ends may have quotas. */
function limited(quotas: { readonly server?: CpuQuota; readonly client?: CpuQuota }, onTwoCores = false): Scenario {
  const scenario = smallScenario({ driver: 'shared', mtuBytes: 65_536, serverCore: onTwoCores ? 0 : 1 })
  const { client, server } = scenario.containers
  return {
    ...scenario,
    containers: {
      client: { ...client!, ...(quotas.client && { quota: quotas.client }) },
      server: { ...server!, ...(quotas.server && { quota: quotas.server }) },
    },
  }
}

const quota = (quotaNs: number, periodNs = PERIOD_NS): CpuQuota => ({ quotaNs, periodNs })
/** Nothing for being in a group: what is left is the quota. */
const FREE_GROUPS = { 'control-group.schedule.perSwitchNs': 0 }

function run(scenario: Scenario, messages = 40_000) {
  const result = simulateReplication(scenario, inventedProfile({}, FREE_GROUPS), { seed: 1, replication: 0, messages, warmUpMessages: 100 })
  const flow = result.flows[0]!
  return { result, flow, perSecond: (messages + 100) / (result.durationNs / 1e9) }
}

describe('a CPU quota', () => {
  it('lets as many messages pass per second as it lets the server work, wherever the client waits', () => {
    const [one, two] = [run(limited({ server: quota(1e6) })), run(limited({ server: quota(2e6) }))]
    expect(two.perSecond / one.perSecond).toBeCloseTo(2, 1)
    const remote = run(limited({ server: quota(1e6) }, true))
    expect(remote.result.coreUtilization['m1/0']).toBeGreaterThan(0.09)
    expect(remote.result.coreUtilization['m1/0']).toBeLessThan(0.13)
  })

  it('holds over many periods to the nanosecond what was used beyond it is owed', () => {
    const { result } = run(limited({ client: quota(2e6), server: quota(2e6) }))
    const periods = result.durationNs / PERIOD_NS
    expect(periods).toBeGreaterThan(10)
    // Both ends draw on 2 ms of each 10: the core works for 40 % at most, and the ends differ in what they need.
    expect(result.coreUtilization['m1/1']!).toBeLessThan(0.41)
    expect(result.coreUtilization['m1/1']!).toBeGreaterThan(0.2)
  })

  it('halts one message for the rest of its period, and leaves the median as it was', () => {
    const free = run(limited({}))
    const { flow } = run(limited({ server: quota(1e6) }))
    const sorted = Float64Array.from(flow.latencyNs).sort()
    expect(sorted[sorted.length >> 1]!).toBeCloseTo(Float64Array.from(free.flow.latencyNs).sort()[sorted.length >> 1]!, -2)
    // Half of a round trip: the server works for 1 ms, the client meanwhile for about as long.
    const longest = sorted.at(-1)! * 2
    expect(longest).toBeLessThan(PERIOD_NS - 1e6)
    expect(longest).toBeGreaterThan(PERIOD_NS - 4e6)
    expect(sorted.filter((ns) => ns > 1e6).length).toBeCloseTo(flow.latencyNs.length / (free.perSecond * 2e-3), -1)
  })

  it('that is never used up changes nothing', () => {
    const free = run(limited({}))
    const wide = run(limited({ server: quota(PERIOD_NS), client: quota(PERIOD_NS) }))
    expect([...wide.flow.latencyNs]).toEqual([...free.flow.latencyNs])
    expect(wide.flow.limits).toBe(free.flow.limits)
  })

  it('is named as what limits the flow, with the share of the time that it halts it', () => {
    const { flow, perSecond } = run(limited({ server: quota(1e6) }))
    const free = run(limited({}))
    const share = Number(/^quota of server \(throttled (\d+) % of the time\)$/.exec(flow.limits!)![1])
    expect(share / 100).toBeCloseTo(1 - perSecond / free.perSecond, 1)
  })

  it('that is used up by a process which never sleeps is noticed by the tick', () => {
    const spinning: Scenario = limited({ client: quota(2e6, 100e6) }, true)
    const flows = Object.fromEntries(
      Object.entries(spinning.flows).map(([name, flow]) => [
        name,
        { ...flow, workload: { kind: 'open-loop', messageBytes: 64, ratePerSecond: 5000, arrivals: 'constant' } as const },
      ]),
    )
    const { result } = run({ ...spinning, flows }, 5000)
    // A jiffy is 4 ms: it runs on for that long beyond its quota, which it owes then.
    expect(result.coreUtilization['m1/1']!).toBeLessThan(0.035)
  })
})
