/**
 * The steps of a container's start by engine, in order: what the instrument times (experiments/testbed/instruments/start-up.c), and the stages
 * that each is made of. The calibration fits them to the steps of single starts.
 */

import type { CostLaw, Per } from '../stages/law.js'
import { idleExit, interruptDeliver } from '../stages/scheduler.js'
import {
  addressAssign,
  carrierWatch,
  containerRun,
  containerWait,
  deviceRegister,
  firstExchange,
  firstWait,
  graceWait,
  namespaceCreate,
  pluginCall,
  timerExpire,
} from '../stages/start.js'
import type { Scenario } from '../topology/scenario.js'

export type StartStep = 'timer' | 'namespace' | 'device' | 'address' | 'carrier' | 'first-packet'

/** A stage of a step, and how often it is charged. */
export interface StartCharge {
  readonly law: CostLaw
  readonly per: Per
  readonly count: number
  /** Its time passes under the rtnl mutex (net/core/rtnetlink.c): one at a time on the whole kernel. */
  readonly isLocked: boolean
  /** The start sleeps meanwhile, and leaves its core. */
  readonly isAway: boolean
}

type Kind = { readonly isLocked: boolean; readonly isAway: boolean }
const charge = (law: CostLaw, count: number, kind: Kind): StartCharge => ({ law, per: law.per[0]!, count, ...kind })

const works = (law: CostLaw): StartCharge => charge(law, 1, { isLocked: false, isAway: false })
const worksLocked = (law: CostLaw, count = 1): StartCharge => charge(law, count, { isLocked: true, isAway: false })
const sleeps = (law: CostLaw): StartCharge => charge(law, 1, { isLocked: false, isAway: true })
const sleepsLocked = (law: CostLaw): StartCharge => charge(law, 1, { isLocked: true, isAway: true })

export type StartSteps = readonly (readonly [StartStep, readonly StartCharge[]])[]

const BEGINNING: StartSteps = [
  ['timer', [works(timerExpire)]],
  ['namespace', [works(namespaceCreate), worksLocked(deviceRegister)]],
]
const EXCHANGE: StartSteps = [['first-packet', [works(firstExchange)]]]
const CARRIER = [sleeps(interruptDeliver), sleeps(idleExit), sleepsLocked(carrierWatch)]

const STEPS = {
  netns: [
    ...BEGINNING,
    ['device', [worksLocked(deviceRegister, 2)]],
    ['address', [worksLocked(addressAssign)]],
    ['carrier', CARRIER],
    ...EXCHANGE,
  ],
  // The plugin asks the kernel for the same, within one call.
  cni: [
    ...BEGINNING,
    ['device', [works(pluginCall), worksLocked(deviceRegister, 2), sleepsLocked(graceWait), worksLocked(addressAssign), ...CARRIER]],
    ...EXCHANGE,
  ],
  // So does Podman's command, from the namespace on, until the container's own process runs.
  podman: [
    ['timer', [works(timerExpire)]],
    [
      'device',
      [works(containerRun), works(namespaceCreate), worksLocked(deviceRegister, 3), worksLocked(addressAssign), sleeps(containerWait)],
    ],
    // It waits for no carrier: the container's first packet does.
    ['first-packet', [...CARRIER, sleeps(firstWait), works(firstExchange)]],
  ],
} as const satisfies Record<string, StartSteps>

export function startSteps({ engine }: Pick<Scenario, 'engine'>): StartSteps {
  return STEPS[engine ?? 'netns']
}

export function chargesOfStart(scenario: Scenario): StartCharge[] {
  return startSteps(scenario).flatMap(([, charges]) => charges)
}
