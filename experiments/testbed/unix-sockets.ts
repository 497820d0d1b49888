/** Unix-domain sockets of processes as the kernel lists them: where they are bound, and which of them are each other's peers. */
import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { command } from './command.js'

/** The name of a flow's server socket in its volume. */
export const unixSocketName = (flow: string): string => `${flow}.sock`

export interface UnixSocket {
  readonly inode: string
  /** SS_CONNECTED of /proc/net/unix. */
  readonly isConnected: boolean
  /** What it is bound to; empty where it is not. */
  readonly path: string
}

/** /proc/PID/net/unix, as far as the process holds the sockets: unix(7), proc_net_unix(5). */
export function unixSocketsOf(pid: number): UnixSocket[] {
  const own = socketsOf(pid)
  return linesOf(`/proc/${pid}/net/unix`).flatMap((line) => {
    const [, , , , , state, inode, path = ''] = line.trim().split(/\s+/)
    return inode !== undefined && own.has(inode) ? [{ inode, isConnected: state === '03', path }] : []
  })
}

/** Inodes of the sockets among a process's descriptors. */
function socketsOf(pid: number): Set<string> {
  try {
    const links = readdirSync(`/proc/${pid}/fd`).map((fd) => readlinkSync(`/proc/${pid}/fd/${fd}`))
    return new Set(links.flatMap((link) => /^socket:\[(\d+)\]$/.exec(link)?.[1] ?? []))
  } catch {
    return new Set()
  }
}

function linesOf(path: string): string[] {
  try {
    return readFileSync(path, 'utf8').split('\n').slice(1)
  } catch {
    return []
  }
}

/** A socket with its peer, out of `ss --unix` (sock_diag(7), UDIAG_SHOW_PEER). */
export interface JoinedSocket {
  readonly path: string
  readonly inode: string
  readonly peer: string
}

/** What these namespaces list. The socket that a server accepts a connection on is made in the client's namespace (unix_stream_connect()). */
export async function listUnixSockets(namespaces: readonly string[]): Promise<string> {
  const options = ['--unix', '--numeric', '--processes', '--oneline', '--no-header']
  const lists: string[] = []
  for (const namespace of new Set(namespaces)) lists.push(await command(['ip', 'netns', 'exec', namespace, 'ss', ...options]))
  return lists.join('\n')
}

/** Sockets of a process that have a peer. */
export function joinedSocketsIn(listed: string, pid: number): JoinedSocket[] {
  return listed.split('\n').flatMap((line) => {
    const match = /^u_\S+\s+\S+\s+\d+\s+\d+\s+(\S+)\s+(\d+)\s+\S+\s+(\d+)\s/.exec(line)
    if (match === null || !line.includes(`pid=${pid},`) || match[3] === '0') return []
    return [{ path: match[1]!, inode: match[2]!, peer: match[3]! }]
  })
}

/** The server's socket of this name and a socket of the client that is its peer, and it that one's; null where there are none. */
export function joinedPair(
  name: string,
  client: readonly JoinedSocket[],
  server: readonly JoinedSocket[],
): { readonly client: JoinedSocket; readonly server: JoinedSocket } | null {
  const pairs = server.filter(({ path }) => path === name).flatMap((far) => client.map((near) => ({ client: near, server: far })))
  return pairs.find(({ client: near, server: far }) => near.peer === far.inode && far.peer === near.inode) ?? null
}
