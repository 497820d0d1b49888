import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { accountRunning, checkPreemption, enqueueWoken, fallAsleep, pickNext } from '../../models/engine/eevdf.js'
import { DELAYED, NONE, RUNNABLE, RUNNING, SLEEPING, world } from '../../models/engine/world.js'
import { freeProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const CORE = 1
const SLICE_NS = 1_400_000

/** A core with so many tasks, all runnable, none on it yet. */
function coreWith(tasks: number, hz = 250): void {
  const scenario = smallScenario({ driver: 'shared' })
  const flow = scenario.flows.ping!
  const flows = Object.fromEntries(Array.from({ length: Math.ceil(tasks / 2) }, (_, i) => [`flow${i}`, flow]))
  const options = { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 }
  buildWorld({ ...scenario, flows }, freeProfile(hz), options)
  for (let task = tasks; task < world.tasks; task++) world.taskCore[task] = 0
}

function runFor(ns: number): void {
  world.coreTimeNs[CORE]! += ns
}

/** Task 1 sleeps with nothing owed, task 0 runs. */
function oneRunningOneAsleep(): void {
  coreWith(2)
  world.taskState[1] = SLEEPING
  pickNext(CORE)
  expect(world.coreTask[CORE]).toBe(0)
}

describe('a wake-up', () => {
  it('preempts a running task that has had more than its share', () => {
    oneRunningOneAsleep()
    world.taskLagNs[1] = 50_000
    runFor(10_000)
    expect(enqueueWoken(1)).toBe(false)
    checkPreemption(1)
    expect(world.coreNeedsSwitch[CORE]).toBe(1)
    expect(pickNext(CORE)).toBe(1)
  })

  it("that preempts lets the switch keep its clock: what is done until then is counted as the next one's", () => {
    oneRunningOneAsleep()
    world.taskLagNs[1] = 50_000
    runFor(10_000)
    enqueueWoken(1)
    checkPreemption(1)
    const before = world.taskVirtualNs[1]!
    runFor(400)
    expect(pickNext(CORE)).toBe(1)
    expect(world.taskVirtualNs[0]).toBe(10_000)
    runFor(1000)
    accountRunning(CORE)
    expect(world.taskVirtualNs[1]! - before).toBe(1400)
  })

  it('that does not preempt leaves the clock of the next switch alone', () => {
    oneRunningOneAsleep()
    world.taskLagNs[1] = -50_000
    runFor(10_000)
    enqueueWoken(1)
    checkPreemption(1)
    runFor(400)
    fallAsleep(CORE, 0)
    expect(world.taskVirtualNs[0]).toBe(10_400)
    expect(pickNext(CORE)).toBe(1)
    expect(world.taskAccountedNs[1]).toBe(world.coreTimeNs[CORE])
  })

  it('does not preempt for a SCHED_BATCH task', () => {
    oneRunningOneAsleep()
    world.taskBatch[1] = 1
    world.taskLagNs[1] = 50_000
    runFor(10_000)
    enqueueWoken(1)
    checkPreemption(1)
    expect(world.coreNeedsSwitch[CORE]).toBe(0)
  })

  it('does not preempt a task that is owed time and within its slice', () => {
    oneRunningOneAsleep()
    world.taskLagNs[1] = -50_000
    runFor(10_000)
    enqueueWoken(1)
    checkPreemption(1)
    expect(world.coreNeedsSwitch[CORE]).toBe(0)
  })

  it('places the task so that it has just the lag that it slept with', () => {
    oneRunningOneAsleep()
    world.taskLagNs[1] = 30_000
    enqueueWoken(1)
    const average = (world.taskVirtualNs[0]! + world.taskVirtualNs[1]!) / 2
    expect(average - world.taskVirtualNs[1]!).toBeCloseTo(30_000, 6)
    expect(world.taskDeadlineNs[1]! - world.taskVirtualNs[1]!).toBe(SLICE_NS)
  })
})

describe('falling asleep', () => {
  it('leaves the queue with its lag where the task is owed time', () => {
    coreWith(2)
    pickNext(CORE)
    world.taskVirtualNs[1] = 100_000
    fallAsleep(CORE, 0)
    expect(world.taskState[0]).toBe(SLEEPING)
    expect(world.taskLagNs[0]).toBe(50_000)
  })

  it('stays on the queue where the task has run ahead (delayed dequeue), and leaves it without lag to its credit when picked', () => {
    coreWith(2)
    pickNext(CORE)
    runFor(20_000)
    fallAsleep(CORE, 0)
    expect(world.taskState[0]).toBe(DELAYED)
    expect(pickNext(CORE)).toBe(1)
    // The other one runs beyond the sleeper's virtual time, and sleeps in turn.
    runFor(100_000)
    fallAsleep(CORE, 1)
    expect(pickNext(CORE)).toBe(NONE)
    expect([world.taskState[0], world.taskState[1]]).toEqual([SLEEPING, SLEEPING])
    expect(world.taskLagNs[0]).toBeLessThanOrEqual(0)
  })

  it('is undone by a wake-up that does not account for the running task first: a stale clock judges the lag', () => {
    coreWith(2)
    pickNext(CORE)
    runFor(20_000)
    fallAsleep(CORE, 0)
    pickNext(CORE)
    const accounted = world.taskAccountedNs[1]
    const virtual = world.taskVirtualNs[0]
    // By the true clock the sleeper would be owed time by now (100 000 against 20 000 ns) and be placed anew.
    runFor(100_000)
    expect(enqueueWoken(0)).toBe(true)
    expect(world.taskState[0]).toBe(RUNNABLE)
    expect(world.taskAccountedNs[1]).toBe(accounted)
    expect(world.taskVirtualNs[0]).toBe(virtual)
  })

  it.each([
    [1000, 2 * SLICE_NS],
    [250, 4_000_000],
    [100, 10_000_000],
  ])('limits lag to two slices, or a tick where that is longer: at HZ %d to %d ns', (hz, limitNs) => {
    coreWith(2, hz)
    pickNext(CORE)
    world.taskVirtualNs[1] = 1e9
    fallAsleep(CORE, 0)
    expect(world.taskLagNs[0]).toBe(limitNs)
  })
})

describe('tasks of equal weight', () => {
  it('share the core: after any time they differ by at most a slice and a step', () => {
    coreWith(3)
    const stepNs = 100_000
    const ranNs = [0, 0, 0]
    pickNext(CORE)
    for (let step = 0; step < 3000; step++) {
      ranNs[world.coreTask[CORE]!]! += stepNs
      runFor(stepNs)
      accountRunning(CORE)
      if (world.coreNeedsSwitch[CORE] === 1) pickNext(CORE)
      expect(Math.max(...ranNs) - Math.min(...ranNs)).toBeLessThanOrEqual(2 * (SLICE_NS + stepNs))
    }
    expect(Math.min(...ranNs)).toBeGreaterThan(0)
  })
})

describe('a core', () => {
  const act = fc.oneof(
    fc.record({ kind: fc.constant('run' as const), ns: fc.integer({ min: 0, max: 3_000_000 }) }),
    fc.record({ kind: fc.constant('wake' as const), task: fc.nat(3) }),
    fc.record({ kind: fc.constant('sleep' as const) }),
    fc.record({ kind: fc.constant('switch' as const) }),
  )

  it('is never idle while a task is runnable, and runs one task at a time, whatever wakes and sleeps', () => {
    fc.assert(
      fc.property(fc.array(act, { maxLength: 200 }), (acts) => {
        coreWith(4)
        pickNext(CORE)
        for (const step of acts) {
          const running = world.coreTask[CORE]!
          if (step.kind === 'run') runFor(step.ns)
          else if (step.kind === 'sleep' && running !== NONE) {
            fallAsleep(CORE, running)
            pickNext(CORE)
          } else if (step.kind === 'wake' && (world.taskState[step.task] === SLEEPING || world.taskState[step.task] === DELAYED)) {
            enqueueWoken(step.task)
            checkPreemption(step.task)
            if (running === NONE) pickNext(CORE)
          } else if (step.kind === 'switch' || world.coreNeedsSwitch[CORE] === 1) pickNext(CORE)

          const states = [0, 1, 2, 3].map((task) => world.taskState[task])
          if (world.coreTask[CORE] === NONE) expect(states).not.toContain(RUNNABLE)
          expect(states.filter((state) => state === RUNNING)).toHaveLength(world.coreTask[CORE] === NONE ? 0 : 1)
          for (const task of [0, 1, 2, 3]) {
            expect(Number.isFinite(world.taskVirtualNs[task])).toBe(true)
            expect(Math.abs(world.taskLagNs[task]!)).toBeLessThanOrEqual(Math.max(2 * SLICE_NS, world.jiffyNs))
          }
        }
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})
