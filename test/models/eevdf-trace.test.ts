/**
 * The model's scheduler decides as the kernel's did. BPF programs at sched_switch, sched_waking and sched_wakeup wrote down the scheduler's own state on
 * Linux 6.18.44: each row is one decision with the run queue's clock, the virtual times after it, whether the woken process takes the core, and the length of
 * the queue. The model is given the clock alone.
 *
 * task,ID,STATE,VIRTUAL_NS,DEADLINE_NS,LAG_NS how it begins; wakes|sleeps|yields,CURRENT,OTHER,CLOCK_NS,CURRENT_NS,OTHER_NS,TAKES_CORE,QUEUED
 */
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { buildWorld } from '../../models/engine/build.js'
import { checkPreemption, enqueueWoken, fallAsleep, pickNext } from '../../models/engine/eevdf.js'
import { DELAYED, RUNNABLE, RUNNING, SLEEPING, world } from '../../models/engine/world.js'
import { freeProfile } from './fixture-profile.js'
import { smallScenario } from './small-scenario.js'

const CORE = 1
const STATES: Readonly<Record<string, number>> = { running: RUNNING, runnable: RUNNABLE, delayed: DELAYED, asleep: SLEEPING }
/** The kernel divides in whole nanoseconds, once or twice in a placement. */
const ROUNDING_NS = 3

function traceOf(relay: string): string[][] {
  const path = fileURLToPath(new URL(`../traces/scheduler-${relay}.csv`, import.meta.url))
  const lines = readFileSync(path, 'utf8').trim().split('\n')
  return lines.filter((line) => !line.startsWith('#')).map((line) => line.split(','))
}

function begin(rows: readonly string[][]): void {
  const options = { seed: 1, replication: 0, messages: 1, warmUpMessages: 0 }
  buildWorld(smallScenario({ driver: 'shared', relay: true }), freeProfile(), options)
  for (const [, id, state, virtualNs, deadlineNs, lagNs] of rows) {
    const task = Number(id)
    world.taskState[task] = STATES[state!]!
    world.taskVirtualNs[task] = Number(virtualNs)
    world.taskDeadlineNs[task] = Number(deadlineNs)
    world.taskLagNs[task] = Number(lagNs)
    if (state === 'running') world.coreTask[CORE] = task
  }
}

function queued(): number {
  return world.taskState.subarray(0, world.tasks).filter((state) => state !== SLEEPING).length
}

describe.each(['microsocks', 'socat'])('the scheduler behind %s', (relay) => {
  it('wakes, preempts, delays and picks as the traced kernel did, decision by decision', () => {
    const rows = traceOf(relay)
    begin(rows.filter(([kind]) => kind === 'task'))
    const decisions = rows.filter(([kind]) => kind !== 'task')
    expect(decisions.length).toBeGreaterThan(1000)
    let preemptions = 0
    decisions.forEach(([kind, currentId, otherId, ...numbers], i) => {
      const [clockNs, currentNs, otherNs, takesCore, inQueue] = numbers.map(Number)
      const current = Number(currentId)
      const other = Number(otherId)
      const where = `decision ${i}: ${current} ${kind} ${other}`
      // A wake-up that preempts lets the switch keep its clock: what the core does meanwhile must not show.
      world.coreTimeNs[CORE] = clockNs! + (world.coreKeepsClock[CORE] === 1 ? 500 : 0)
      expect(world.coreTask[CORE], where).toBe(current)
      if (kind === 'wakes') {
        enqueueWoken(other)
        checkPreemption(other)
        expect(world.coreNeedsSwitch[CORE], where).toBe(takesCore)
        preemptions += takesCore!
      } else {
        if (kind === 'sleeps') fallAsleep(CORE, current)
        expect(pickNext(CORE), where).toBe(other)
      }
      expect(queued(), where).toBe(inQueue)
      expect(Math.abs(world.taskVirtualNs[current]! - currentNs!), where).toBeLessThanOrEqual(ROUNDING_NS)
      expect(Math.abs(world.taskVirtualNs[other]! - otherNs!), where).toBeLessThanOrEqual(ROUNDING_NS)
      // Roundings of the kernel must not add up.
      world.taskVirtualNs[current] = currentNs!
      world.taskVirtualNs[other] = otherNs!
    })
    expect(preemptions).toBeGreaterThan(100)
  })
})
