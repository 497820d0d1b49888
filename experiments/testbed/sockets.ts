/** What the sockets of a process have received: the proof that a relay has relayed. */
import { command } from './command.js'

/** Bytes received by all open TCP sockets of processes: ss(8), which asks the kernel for each socket's tcp_info. */
export async function bytesReceivedBy(namespace: string, pids: readonly number[]): Promise<number> {
  const sockets = await command([
    'ip',
    'netns',
    'exec',
    namespace,
    'ss',
    '--tcp',
    '--numeric',
    '--info',
    '--processes',
    '--oneline',
    '--no-header',
  ])
  return bytesReceivedIn(sockets, pids)
}

export function bytesReceivedIn(sockets: string, pids: readonly number[]): number {
  return sockets
    .split('\n')
    .filter((line) => pids.some((pid) => line.includes(`pid=${pid},`)))
    .reduce((sum, line) => sum + Number(/\bbytes_received:(\d+)/.exec(line)?.[1] ?? 0), 0)
}
