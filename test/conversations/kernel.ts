/** The same scripts spoken by two kernel sockets (kernel.c): the packets that the kernel sends, in place of those that a script expects. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { command } from '../../experiments/testbed/command.js'

const NAMES = ['client', 'server']
const HEADERS_BYTES = 52
const PUSH = 0x08

export async function compileTalker(folder: string): Promise<string> {
  const program = `${folder}/talk`
  await command(['gcc', '-O2', '-o', program, fileURLToPath(new URL('./kernel.c', import.meta.url)), '-lpthread'])
  return program
}

/** @throws Error with what the program said where it failed */
export async function kernelTalk(program: string, script: string): Promise<string> {
  const child = spawn(program, { stdio: ['pipe', 'pipe', 'pipe'], timeout: 20_000 })
  // A program that has failed already does not read: what it says is told below.
  child.stdin.on('error', () => undefined).end(planOf(script))
  const [said, complained, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`the conversation's program ended with ${code}: ${complained.trim()}`)
  return transcript(script, said)
}

/** Acts are the lines that neither open, comment nor expect. */
const isAct = (line: string): boolean => !/^( |#|given |$)/.test(line)

function planOf(script: string): string {
  const lines = script.split('\n')
  const given =
    lines
      .find((line) => line.startsWith('given '))
      ?.slice('given '.length)
      .split(', ') ?? []
  return [...given.flatMap(setting), ...lines.filter(isAct).map(step)].map((line) => `${line}\n`).join('')
}

function setting(part: string): string[] {
  const [, mss] = /^mss (\d+)$/.exec(part) ?? []
  if (mss !== undefined) return [`mtu ${Number(mss) + HEADERS_BYTES}`]
  const [, name, what, amount] = /^(client|server) (nagle|quick-ack|window)(?: (\d+))?$/.exec(part) ?? []
  if (name === undefined) return []
  const end = NAMES.indexOf(name)
  if (what === 'nagle') return [`nodelay ${end} 0`]
  return [what === 'window' ? `initcwnd ${end} ${amount}` : `quickack ${end} 1`]
}

function step(line: string): string {
  const [, name, verb, amount] =
    /^(client|server|wait) ?(sends|reads|holds its socket|lets its socket go)? ?([\d.]+)?(?: ms)?$/.exec(line) ?? []
  if (name === undefined) throw new Error(`not a line of a conversation: ${line}`)
  if (name === 'wait') return `wait ${Math.round(Number(amount) * 1e6)}`
  const end = NAMES.indexOf(name)
  if (verb === 'sends') return `send ${end} ${amount}`
  if (verb === 'reads') return `read ${end} ${amount ?? 0}`
  return verb === 'holds its socket' ? `hold ${end}` : `free ${end}`
}

interface Packet {
  readonly timeNs: number
  readonly end: 0 | 1
  readonly from: number
  readonly bytes: number
  readonly segmentBytes: number
  readonly push: boolean
  readonly acknowledged: number
}

function transcript(script: string, said: string): string {
  const numbers = (word: string): number[][] =>
    said.split('\n').flatMap((line) => (line.startsWith(`${word} `) ? [line.split(' ').slice(1).map(Number)] : []))
  const first = numbers('first').map(([, sequence]) => sequence!)
  const packets = numbers('packet')
    .map(([timeNs, end, from, bytes, segmentBytes, flags, acknowledged]): Packet => {
      // Sequence numbers have 32 bits.
      const relative = (acknowledged! - first[1 - end!]!) >>> 0
      return {
        timeNs: timeNs!,
        end: end as 0 | 1,
        from: from!,
        bytes: bytes!,
        segmentBytes: segmentBytes!,
        push: (flags! & PUSH) > 0,
        acknowledged: relative,
      }
    })
    .sort((a, b) => a.timeNs - b.timeNs)
  const begins = numbers('act').map(([timeNs]) => timeNs!)
  const sent: [number, number] = [0, 0]
  let next = packets.findIndex(({ timeNs }) => timeNs >= begins[0]!)
  let acts = 0
  return script
    .split('\n')
    .filter((line) => !line.startsWith(' '))
    .flatMap((line) => {
      if (!isAct(line)) return [line]
      const until = begins[++acts] ?? Number.POSITIVE_INFINITY
      const shown = [line]
      for (; next >= 0 && next < packets.length && packets[next]!.timeNs < until; next++) shown.push(inWords(packets[next]!, sent))
      return shown
    })
    .join('\n')
}

function inWords({ timeNs, end, from, bytes, segmentBytes, push, acknowledged }: Packet, sent: [number, number]): string {
  const again = bytes > 0 && from < sent[end]
  sent[end] = Math.max(sent[end], from + bytes)
  const words = [
    ...(bytes > 0 && !again ? [`${from}:${from + bytes}`] : []),
    ...(segmentBytes > 0 ? [`in ${segmentBytes}`] : []),
    ...(push && !again ? ['push'] : []),
    ...(again ? ['again'] : []),
    `ack ${acknowledged}`,
  ]
  return `${(timeNs / 1e6).toFixed(3).padStart(8)} ms  ${NAMES[end]} > ${words.join(' ')}`
}
