/** Places of the end hosts' coefficients in the world's arrays, looked up once. */
import { socketCreate, tcpAccept, tcpClose, tcpConnect } from '../stages/connection.js'
import { controlGroupSchedule } from '../stages/control-group.js'
import { httpClient, httpServer } from '../stages/http.js'
import { coefficientIndex } from '../stages/index.js'
import { instrumentClient, instrumentServer, instrumentServerOwn } from '../stages/instrument.js'
import { cacheRefill, contextSwitch, idleExit, interruptDeliver } from '../stages/scheduler.js'
import { seccompFilter } from '../stages/seccomp.js'
import { socketReceive, socketSend, socketWakeup } from '../stages/socket.js'
import { streamCold, streamSelect, streamSend } from '../stages/stream.js'
import { tcpAcknowledge, tcpReceive, tcpTransmit } from '../stages/tcp.js'
import { udpReceive, udpTransmit } from '../stages/udp.js'
import { unixReceive, unixTransmit } from '../stages/unix.js'

export const SEND_CALL = coefficientIndex(socketSend, 'perCallNs')
export const SEND_BYTE = coefficientIndex(socketSend, 'perByteNs')
export const RECEIVE_CALL = coefficientIndex(socketReceive, 'perCallNs')
export const RECEIVE_BYTE = coefficientIndex(socketReceive, 'perByteNs')
export const WAKEUP = coefficientIndex(socketWakeup, 'perWakeupNs')
export const ENQUEUE = coefficientIndex(socketWakeup, 'perEnqueueNs')
export const REMOTE_WAKEUP = coefficientIndex(socketWakeup, 'perRemoteWakeupNs')
export const INTERRUPT = coefficientIndex(interruptDeliver, 'perWakeupNs')
export const IDLE_EXIT = coefficientIndex(idleExit, 'perWakeupNs')
export const SECCOMP_CALL = coefficientIndex(seccompFilter, 'perCallNs')
export const SECCOMP_PROGRAM = coefficientIndex(seccompFilter, 'perProgramNs')
export const SECCOMP_RULE = coefficientIndex(seccompFilter, 'perRuleNs')
export const GROUP_SWITCH = coefficientIndex(controlGroupSchedule, 'perSwitchNs')
export const SWITCH = coefficientIndex(contextSwitch, 'perSwitchNs')
export const SLEEP = coefficientIndex(contextSwitch, 'perSleepNs')
export const REFILL = coefficientIndex(cacheRefill, 'perProcessNs')
export const TCP_TRANSMIT = coefficientIndex(tcpTransmit, 'perPacketNs')
export const TCP_SUPER_PACKET = coefficientIndex(tcpTransmit, 'perSuperPacketNs')
export const TCP_BYTE = coefficientIndex(tcpTransmit, 'perByteNs')
export const TCP_RECEIVE_CALL = coefficientIndex(tcpReceive, 'perCallNs')
export const TCP_ACKNOWLEDGE = coefficientIndex(tcpAcknowledge, 'perAckNs')
export const TCP_RECEIVE = coefficientIndex(tcpReceive, 'perPacketNs')
export const TCP_RECEIVE_ACK = coefficientIndex(tcpReceive, 'perAckNs')
export const UDP_TRANSMIT = coefficientIndex(udpTransmit, 'perPacketNs')
export const UDP_FRAGMENT = coefficientIndex(udpTransmit, 'perFragmentNs')
export const UDP_RECEIVE = coefficientIndex(udpReceive, 'perPacketNs')
export const UDP_REASSEMBLE = coefficientIndex(udpReceive, 'perFragmentNs')
export const UNIX_TRANSMIT = coefficientIndex(unixTransmit, 'perPacketNs')
export const UNIX_FRAGMENT = coefficientIndex(unixTransmit, 'perFragmentNs')
export const UNIX_BYTE = coefficientIndex(unixTransmit, 'perByteNs')
export const UNIX_COLD_BYTE = coefficientIndex(unixReceive, 'perByteNs')
export const CLIENT = coefficientIndex(instrumentClient, 'perMessageNs')
export const SERVER = coefficientIndex(instrumentServer, 'perMessageNs')
export const STREAM_SELECT = coefficientIndex(streamSelect, 'perCallNs')
export const STREAM_SEND_BYTE = coefficientIndex(streamSend, 'perByteNs')
export const STREAM_COLD_PACKET = coefficientIndex(streamCold, 'perPacketNs')
export const STREAM_COLD_BYTE = coefficientIndex(streamCold, 'perByteNs')
export const HTTP_CLIENT = coefficientIndex(httpClient, 'perMessageNs')
export const HTTP_SERVER = coefficientIndex(httpServer, 'perMessageNs')
export const HTTP_SERVER_BYTE = coefficientIndex(httpServer, 'perByteNs')
export const OWN_SERVER = coefficientIndex(instrumentServerOwn, 'perMessageNs')
export const SOCKET_CREATE = coefficientIndex(socketCreate, 'perConnectionNs')
export const TCP_CONNECT = coefficientIndex(tcpConnect, 'perConnectionNs')
export const TCP_ACCEPT = coefficientIndex(tcpAccept, 'perConnectionNs')
export const TCP_CLOSE = coefficientIndex(tcpClose, 'perConnectionNs')
