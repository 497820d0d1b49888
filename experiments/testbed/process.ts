/** Instruments as processes: each the very process that is killed (no shell, no wrapper that stays), in its namespace, on its core. */
import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { SchedulingPolicy } from '../../models/topology/scenario.js'
import { joinGroup } from './control-groups.js'
import { parseProtocols } from './counters.js'
import type { ContainerHandle } from './engines/podman.js'
import { killQuietly } from './namespace.js'
import type { TestbedRun } from './run.js'
import { RUN_VARIABLE } from './sweep-up.js'

export interface Placement {
  /** The kernel's name of the namespace; null: the initial one. */
  readonly namespace: string | null
  readonly core: number
  readonly policy: SchedulingPolicy | 'idle'
  /** The engine's container that it runs in; absent: none. */
  readonly container?: ContainerHandle
  /** Folder of the control group that holds its quota; absent: none. */
  readonly group?: string
}

export interface Instrument {
  readonly argv: readonly string[]
  readonly pid: number
  /** What it has written so far. */
  output(): { readonly stdout: string; readonly stderr: string }
  /** Resolves with its exit code, or the signal that ended it. */
  readonly ended: Promise<number | string>
  isRunning(): boolean
  /** Ends it (SIGINT, then SIGKILL after a second) and waits. */
  stop(): Promise<void>
}

const POLICY_OPTIONS = { other: ['--other', '0'], batch: ['--batch', '0'], idle: ['--idle', '0'] } as const

/**
 * Starts a program in its place. setpriv, ip, taskset and chrt each replace themselves by the next, so that `pid` is the program's; it is
 * killed when this process dies (PR_SET_PDEATHSIG), and carries the run's name in its environment for the sweep.
 */
export function startInstrument(
  run: TestbedRun,
  argv: readonly string[],
  placement: Placement,
  environment: Record<string, string> = {},
): Instrument {
  const inside = placement.namespace === null ? [] : ['ip', 'netns', 'exec', placement.namespace]
  const pinned = ['taskset', '-c', String(placement.core), 'chrt', ...POLICY_OPTIONS[placement.policy]]
  const child = spawn('setpriv', ['--pdeathsig', 'KILL', ...inside, ...pinned, ...argv], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: {
      PATH: process.env['PATH'] ?? '/usr/sbin:/usr/bin:/sbin:/bin',
      LC_ALL: 'C',
      ...environment,
      [RUN_VARIABLE]: basename(run.folder),
    },
  })
  if (placement.group !== undefined && child.pid !== undefined) joinGroup(placement.group, child.pid)
  return follow(child, argv)
}

/**
 * Starts a program where its placement says, in an engine's container if it has one: runc puts it there, under the container's seccomp filter
 * and in its control groups, and goes; the program keeps our pipes. The run's name in its environment is what the sweep finds it by.
 */
export async function startPlaced(run: TestbedRun, argv: readonly string[], placement: Placement): Promise<Instrument> {
  const { container, core, policy } = placement
  if (container === undefined) return startInstrument(run, argv, placement)
  const pidFile = join(run.folder, `${container.id.slice(0, 12)}.${++started}.pid`)
  const pinned = ['taskset', '-c', String(core), 'chrt', ...POLICY_OPTIONS[policy]]
  const environment = ['PATH=/usr/sbin:/usr/bin:/sbin:/bin', 'LC_ALL=C', `${RUN_VARIABLE}=${basename(run.folder)}`]
  // A container without a network namespace of its own gives its processes that of whoever calls runc.
  const child = spawn(
    'nsenter',
    [
      ...(placement.namespace === null ? [] : [`--net=/run/netns/${placement.namespace}`]),
      ...['runc', '--root', container.runcRoot, 'exec', '--detach', '--pid-file', pidFile],
      ...environment.flatMap((variable) => ['--env', variable]),
      ...[container.id, ...pinned, ...argv],
    ],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  )
  const instrument = follow(child, argv)
  await new Promise((resolve) => child.once('exit', resolve))
  const pid = Number(readQuietly(pidFile))
  if (placement.group !== undefined && pid > 0) joinGroup(placement.group, pid)
  rmSync(pidFile, { force: true })
  return pid > 0 ? { ...instrument, pid, stop: () => stopByPid(instrument, pid) } : instrument
}

let started = 0

/** Its standard output closes when it has ended. */
async function stopByPid(instrument: Instrument, pid: number): Promise<void> {
  const children = familyOf(pid).slice(1)
  if (!instrument.isRunning()) return
  try {
    process.kill(pid, 'SIGINT')
  } catch {
    // It has ended by itself.
  }
  children.forEach(killQuietly)
  const timer = setTimeout(() => killQuietly(pid), 1000)
  await instrument.ended
  clearTimeout(timer)
}

function follow(child: ChildProcess, argv: readonly string[]): Instrument {
  const written = { stdout: '', stderr: '' }
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    written.stdout += text
  })
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    written.stderr += text
  })
  let running = true
  const ended = new Promise<number | string>((resolve) => {
    child.once('error', (error) => {
      running = false
      written.stderr += error.message
      resolve(127)
    })
    child.once('close', (code, signal) => {
      running = false
      resolve(code ?? signal ?? 0)
    })
  })
  return {
    argv,
    pid: child.pid ?? -1,
    output: () => ({ ...written }),
    ended,
    isRunning: () => running,
    async stop() {
      const children = familyOf(child.pid ?? -1).slice(1)
      if (running) {
        child.kill('SIGINT')
        // Not every relay takes its children with it; they hold our pipes.
        children.forEach(killQuietly)
        const timer = setTimeout(() => child.kill('SIGKILL'), 1000)
        await ended
        clearTimeout(timer)
      }
    },
  }
}

/** Waits until a condition holds. @returns whether it came to hold in time */
export async function waitFor(condition: () => boolean, timeoutMs: number): Promise<boolean> {
  for (const deadline = Date.now() + timeoutMs; Date.now() < deadline; ) {
    if (condition()) return true
    await new Promise((resolve) => setTimeout(resolve, 3))
  }
  return condition()
}

/** Whether somebody listens (TCP) or is bound (UDP) to a port in the namespace of a process: /proc/PID/net/{tcp,udp}, proc_net_tcp(5). */
export function isBound(pid: number, transport: 'tcp' | 'udp', port: number): boolean {
  const wanted = `:${port.toString(16).toUpperCase().padStart(4, '0')}`
  const state = transport === 'tcp' ? '0A' : '07'
  return socketsBeside(pid, transport).some((fields) => fields[1]?.endsWith(wanted) === true && fields[3] === state)
}

/** Whether the namespace of a process has an established TCP connection. */
export function isConnected(pid: number): boolean {
  return socketsBeside(pid, 'tcp').some((fields) => fields[3] === '01')
}

/** Ports that the namespace of a process listens on (TCP), or has bound (UDP). */
export function listeningPorts(pid: number): number[] {
  const bound = (transport: 'tcp' | 'udp', state: string): number[] =>
    socketsBeside(pid, transport)
      .filter((fields) => fields[3] === state)
      .map((fields) => Number.parseInt(fields[1]!.split(':')[1]!, 16))
  return [...bound('tcp', '0A'), ...bound('udp', '07')]
}

function socketsBeside(pid: number, transport: 'tcp' | 'udp'): string[][] {
  return readQuietly(`/proc/${pid}/net/${transport}`)
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
}

/** A process and what it has started, as far as that lives: relays fork. */
export function familyOf(pid: number): number[] {
  const children = threadsOf(pid).flatMap((thread) => readQuietly(`/proc/${pid}/task/${thread}/children`).split(' ').filter(Boolean))
  return [pid, ...children.flatMap((child) => familyOf(Number(child)))]
}

/**
 * Context switches of all threads of a process and its children since they began, and their time on a core as the scheduler itself counts it
 * (`se.sum_exec_runtime`, the first number of /proc/PID/schedstat).
 */
export function switchesOf(pid: number): { readonly voluntary: number; readonly involuntary: number; readonly runNs: number } {
  const sum = { voluntary: 0, involuntary: 0, runNs: 0 }
  const threads = familyOf(pid).flatMap((member) => threadsOf(member).map((thread) => ({ member, thread })))
  for (const { member, thread } of threads) {
    const status = readQuietly(`/proc/${member}/task/${thread}/status`)
    sum.voluntary += numberAfter(status, 'voluntary_ctxt_switches:')
    sum.involuntary += numberAfter(status, 'nonvoluntary_ctxt_switches:')
    sum.runNs += Number(readQuietly(`/proc/${member}/task/${thread}/schedstat`).split(' ')[0])
  }
  return sum
}

/** Packets that the namespace of a process has sent so far, as IP counts them: `Ip.OutRequests` of /proc/PID/net/snmp. */
export function packetsSentBeside(pid: number): number {
  return parseProtocols(readQuietly(`/proc/${pid}/net/snmp`))['Ip.OutRequests'] ?? 0
}

/** The cores that each thread of a process may use, as the kernel has them: `1`, `0-1`. A thread may have ended meanwhile. */
export function coresOf(pid: number): string[] {
  const lists = threadsOf(pid).flatMap(
    (thread) => /^Cpus_allowed_list:\s*(\S+)/m.exec(readQuietly(`/proc/${pid}/task/${thread}/status`))?.[1] ?? [],
  )
  return [...new Set(lists)]
}

/** Scheduling policy of a process as the kernel has it: field 41 of /proc/PID/stat (0 other, 3 batch, 5 idle). */
export function policyOf(pid: number): string {
  const stat = readQuietly(`/proc/${pid}/stat`)
  const field = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[38]
  return { '0': 'other', '3': 'batch', '5': 'idle' }[field ?? ''] ?? `unknown (${field})`
}

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`)
  } catch {
    return []
  }
}

function numberAfter(text: string, label: string): number {
  const line = text.split('\n').find((candidate) => candidate.startsWith(label))
  return line === undefined ? 0 : Number(line.slice(label.length))
}

function readQuietly(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
