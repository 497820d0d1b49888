import type { CostLaw } from './law.js'

/**
 * What a write to a Unix-domain socket costs beside the call and the hot copy: the buffer, the peer's lock and its queue (per buffer, of which a
 * stream's write makes one for each 36,544 bytes), each stretch of pages that the page allocator gives for it, and the head beside them (per
 * fragment), and memory that is
 * another one each time (per byte); what of it is given back when it is read is counted here too, as only the sum can be seen. Nothing is checksummed, routed or acknowledged, and no softirq runs: the writer
 * itself puts the buffer into its peer's queue and wakes whoever sleeps there.
 * Kernel: unix_stream_sendmsg(), unix_dgram_sendmsg(), sock_alloc_send_pskb(), alloc_skb_with_pages().
 * Left out: descriptors and credentials (SCM_RIGHTS, SCM_CREDENTIALS), MSG_OOB, splice; the path of an unconnected datagram socket's peer.
 */
export const unixTransmit: CostLaw = {
  stage: 'unix.transmit',
  context: 'system call',
  per: ['perPacketNs', 'perFragmentNs', 'perByteNs'],
  evidence: 'traced',
  witness: "sock:sk_data_ready of a Unix socket, in the sender's own call",
  kernel: 'unix_stream_sendmsg(), unix_dgram_sendmsg(), sock_alloc_send_pskb()',
  optional: true,
}

/**
 * Taking buffers out of the queue and giving them back to the writer's allowance, which wakes who waits for room: of a long read, the bytes that have
 * left the first-level cache since they were written (per byte). Kernel: unix_stream_read_generic(), __unix_dgram_recvmsg(), consume_skb(), sock_wfree(), unix_write_space().
 */
export const unixReceive: CostLaw = {
  stage: 'unix.receive',
  context: 'system call',
  per: ['perByteNs'],
  evidence: 'traced',
  witness: "the return of the receiver's call, with no packet on a device since the send",
  kernel: 'unix_stream_read_generic(), __unix_dgram_recvmsg(), sock_wfree()',
  optional: true,
}
