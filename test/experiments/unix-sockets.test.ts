/** What is read of Unix-domain sockets, and of the instrument that drives them. */
import { describe, expect, test } from 'vitest'
import { parsePingPong, pingPongClientArguments } from '../../experiments/testbed/instruments/ping-pong.js'
import { switchesAtRate } from '../../experiments/testbed/switches.js'
import { joinedPair, joinedSocketsIn } from '../../experiments/testbed/unix-sockets.js'

/** `ss --unix --numeric --processes --oneline --no-header` (iproute2 6.1) in the client's namespace: the accepted socket is made there too. */
const LISTED = [
  'u_str ESTAB 0      0              * 8597704 * 8597703 users:(("ping-pong",pid=26729,fd=3))',
  'u_str ESTAB 0      0      ping.sock 8597703 * 8597704 users:(("ping-pong",pid=26725,fd=4))',
  'u_str LISTEN 0     1      ping.sock 8597700 * 0       users:(("ping-pong",pid=26725,fd=3))',
  'u_str ESTAB 0      0              * 629     * 628     users:(("other",pid=77,fd=3))',
].join('\n')

describe("sockets that are each other's peers", () => {
  const client = joinedSocketsIn(LISTED, 26729)
  const server = joinedSocketsIn(LISTED, 26725)

  test('are found by the processes that hold them; one that listens has no peer', () => {
    expect(client).toEqual([{ path: '*', inode: '8597704', peer: '8597703' }])
    expect(server).toEqual([{ path: 'ping.sock', inode: '8597703', peer: '8597704' }])
    expect(joinedPair('ping.sock', client, server)).toEqual({ client: client[0], server: server[0] })
  })

  test('are no pair under another name, or where somebody stands between', () => {
    expect(joinedPair('other.sock', client, server)).toBeNull()
    expect(joinedPair('ping.sock', joinedSocketsIn(LISTED, 77), server)).toBeNull()
    expect(joinedPair('ping.sock', [{ ...client[0]!, peer: '1' }], server)).toBeNull()
  })
})

describe('the instrument', () => {
  test('begins, warms up and ends as sockperf does', () => {
    const call = { transport: 'unix-stream', place: '/v', name: 'ping.sock', messageBytes: 64, seconds: 1, logPath: 'log' } as const
    expect(pingPongClientArguments('p', call)).toEqual(['p', 'send', 'unix-stream', '/v', 'ping.sock', '64', '0.4', '0.550', '2100', 'log'])
  })

  test('counts what is in its log, and says what its clock takes', () => {
    const result = parsePingPong('{"messages":5,"counted":3,"seconds":0.95,"clockNs":21}\n', '1000\n3000\n2000\n')
    expect(result).toMatchObject({ messages: 3, clockNs: 21, total: { received: 5 }, latencyNs: { p50: 2000, min: 1000, max: 3000 } })
    expect(() => parsePingPong('{"messages":0,"counted":0,"seconds":0.95,"clockNs":21}\n', '')).toThrow('no reply to any of 0 messages')
  })

  test('sends no packets to count messages by: switches are shared out by the rate', () => {
    const look = (atMs: number, voluntary: number) => ({
      atMs,
      packets: {},
      switches: { client: { voluntary, involuntary: 2 * voluntary, runNs: 3 * voluntary } },
    })
    expect(switchesAtRate([look(100, 0), look(200, 500)], 'client', 10)).toEqual({ voluntary: 0.5, involuntary: 1, runNs: 1.5 })
    expect(switchesAtRate([look(100, 0)], 'client', 10)).toBeNull()
  })
})
