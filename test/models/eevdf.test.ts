import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { accountRunning, checkPreemption, enqueueWoken, fallAsleep, pickNext } from '../../models/engine/eevdf.js'
import { DELAYED, NONE, RUNNABLE, RUNNING, SLEEPING, type World } from '../../models/engine/world.js'
import { freeProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const CORE = 1
const SLICE_NS = 1_400_000

/** A core with so many tasks, all runnable, none on it yet. */
function coreWith(tasks: number, hz = 250): World {
  const scenario = smallScenario({ driver: 'shared' })
  const flow = scenario.flows.ping!
  const flows = Object.fromEntries(Array.from({ length: Math.ceil(tasks / 2) }, (_, i) => [`flow${i}`, flow]))
  const options = { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 }
  const { world: w } = buildWorld({ ...scenario, flows }, freeProfile(hz), options)
  for (let task = tasks; task < w.tasks; task++) w.taskCore[task] = 0
  return w
}

function runFor(w: World, ns: number): void {
  w.coreTimeNs[CORE]! += ns
}

/** Task 1 sleeps with nothing owed, task 0 runs. */
function oneRunningOneAsleep(): World {
  const w = coreWith(2)
  w.taskState[1] = SLEEPING
  pickNext(w, CORE)
  expect(w.coreTask[CORE]).toBe(0)
  return w
}

describe('a wake-up', () => {
  it('preempts a running task that has had more than its share', () => {
    const w = oneRunningOneAsleep()
    w.taskLagNs[1] = 50_000
    runFor(w, 10_000)
    expect(enqueueWoken(w, 1)).toBe(false)
    checkPreemption(w, 1)
    expect(w.coreNeedsSwitch[CORE]).toBe(1)
    expect(pickNext(w, CORE)).toBe(1)
  })

  it('does not preempt for a SCHED_BATCH task', () => {
    const w = oneRunningOneAsleep()
    w.taskBatch[1] = 1
    w.taskLagNs[1] = 50_000
    runFor(w, 10_000)
    enqueueWoken(w, 1)
    checkPreemption(w, 1)
    expect(w.coreNeedsSwitch[CORE]).toBe(0)
  })

  it('does not preempt a task that is owed time and within its slice', () => {
    const w = oneRunningOneAsleep()
    w.taskLagNs[1] = -50_000
    runFor(w, 10_000)
    enqueueWoken(w, 1)
    checkPreemption(w, 1)
    expect(w.coreNeedsSwitch[CORE]).toBe(0)
  })

  it('places the task so that it has just the lag that it slept with', () => {
    const w = oneRunningOneAsleep()
    w.taskLagNs[1] = 30_000
    enqueueWoken(w, 1)
    const average = (w.taskVirtualNs[0]! + w.taskVirtualNs[1]!) / 2
    expect(average - w.taskVirtualNs[1]!).toBeCloseTo(30_000, 6)
    expect(w.taskDeadlineNs[1]! - w.taskVirtualNs[1]!).toBe(SLICE_NS)
  })
})

describe('falling asleep', () => {
  it('leaves the queue with its lag where the task is owed time', () => {
    const w = coreWith(2)
    pickNext(w, CORE)
    w.taskVirtualNs[1] = 100_000
    fallAsleep(w, CORE, 0)
    expect(w.taskState[0]).toBe(SLEEPING)
    expect(w.taskLagNs[0]).toBe(50_000)
  })

  it('stays on the queue where the task has run ahead (delayed dequeue), and leaves it without lag to its credit when picked', () => {
    const w = coreWith(2)
    pickNext(w, CORE)
    runFor(w, 20_000)
    fallAsleep(w, CORE, 0)
    expect(w.taskState[0]).toBe(DELAYED)
    expect(pickNext(w, CORE)).toBe(1)
    // The other one runs beyond the sleeper's virtual time, and sleeps in turn.
    runFor(w, 100_000)
    fallAsleep(w, CORE, 1)
    expect(pickNext(w, CORE)).toBe(NONE)
    expect([w.taskState[0], w.taskState[1]]).toEqual([SLEEPING, SLEEPING])
    expect(w.taskLagNs[0]).toBeLessThanOrEqual(0)
  })

  it('is undone by a wake-up that does not account for the running task first: a stale clock judges the lag', () => {
    const w = coreWith(2)
    pickNext(w, CORE)
    runFor(w, 20_000)
    fallAsleep(w, CORE, 0)
    pickNext(w, CORE)
    const accounted = w.taskAccountedNs[1]
    const virtual = w.taskVirtualNs[0]
    // By the true clock the sleeper would be owed time by now (100 000 against 20 000 ns) and be placed anew.
    runFor(w, 100_000)
    expect(enqueueWoken(w, 0)).toBe(true)
    expect(w.taskState[0]).toBe(RUNNABLE)
    expect(w.taskAccountedNs[1]).toBe(accounted)
    expect(w.taskVirtualNs[0]).toBe(virtual)
  })

  it.each([
    [1000, 2 * SLICE_NS],
    [250, 4_000_000],
    [100, 10_000_000],
  ])('limits lag to two slices, or a tick where that is longer: at HZ %d to %d ns', (hz, limitNs) => {
    const w = coreWith(2, hz)
    pickNext(w, CORE)
    w.taskVirtualNs[1] = 1e9
    fallAsleep(w, CORE, 0)
    expect(w.taskLagNs[0]).toBe(limitNs)
  })
})

describe('tasks of equal weight', () => {
  it('share the core: after any time they differ by at most a slice and a step', () => {
    const w = coreWith(3)
    const stepNs = 100_000
    const ranNs = [0, 0, 0]
    pickNext(w, CORE)
    for (let step = 0; step < 3000; step++) {
      ranNs[w.coreTask[CORE]!]! += stepNs
      runFor(w, stepNs)
      accountRunning(w, CORE)
      if (w.coreNeedsSwitch[CORE] === 1) pickNext(w, CORE)
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
        const w = coreWith(4)
        pickNext(w, CORE)
        for (const step of acts) {
          const running = w.coreTask[CORE]!
          if (step.kind === 'run') runFor(w, step.ns)
          else if (step.kind === 'sleep' && running !== NONE) {
            fallAsleep(w, CORE, running)
            pickNext(w, CORE)
          } else if (step.kind === 'wake' && (w.taskState[step.task] === SLEEPING || w.taskState[step.task] === DELAYED)) {
            enqueueWoken(w, step.task)
            checkPreemption(w, step.task)
            if (running === NONE) pickNext(w, CORE)
          } else if (step.kind === 'switch' || w.coreNeedsSwitch[CORE] === 1) pickNext(w, CORE)

          const states = [0, 1, 2, 3].map((task) => w.taskState[task])
          if (w.coreTask[CORE] === NONE) expect(states).not.toContain(RUNNABLE)
          expect(states.filter((state) => state === RUNNING)).toHaveLength(w.coreTask[CORE] === NONE ? 0 : 1)
          for (const task of [0, 1, 2, 3]) {
            expect(Number.isFinite(w.taskVirtualNs[task])).toBe(true)
            expect(Math.abs(w.taskLagNs[task]!)).toBeLessThanOrEqual(Math.max(2 * SLICE_NS, w.jiffyNs))
          }
        }
      }),
      { seed: 7, numRuns: 100 },
    )
  })
})
