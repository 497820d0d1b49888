/**
 * A program for the kernel's virtual machine, assembled into the object file that tc loads: a relocatable ELF with one section of
 * instructions (System V ABI, chapter 4; Documentation/bpf/standardization/instruction-set.rst). No compiler is needed for a dozen instructions.
 */

/** One instruction: operation, registers, jump offset, immediate. */
export type Instruction = readonly [opcode: number, destination: number, source: number, offset: number, immediate: number]

const MOVE_REGISTER = 0xbf
const MOVE_NUMBER = 0xb7
/** r0 = the 32-bit word of the packet at an offset, in the host's order (r6 holds the context). */
const LOAD_WORD = 0x20
/** Jump where the lower 32 bits differ from a number. */
const JUMP_UNEQUAL = 0x56
const CALL = 0x85
const EXIT = 0x95
/** include/uapi/linux/bpf.h: BPF_FUNC_redirect_peer. */
const REDIRECT_PEER = 155
/** include/uapi/linux/pkt_cls.h: TC_ACT_OK. */
const PASS = 0
/** The last four bytes of the destination in Ethernet's header. */
const HARDWARE_OFFSET = 2
/** BPF_FUNC_skb_change_type, and the type of what is for this host (include/uapi/linux/if_packet.h). */
const CHANGE_TYPE = 32
const PACKET_HOST = 0

/**
 * Packets to each hardware address go straight to the peer of a device, all others on up the stack. They count as meant for the host: the
 * device that received them has another address, and the peer's namespace would drop what is meant for somebody else.
 */
export function redirectProgram(targets: readonly { readonly hardwareAddress: string; readonly index: number }[]): Instruction[] {
  return [
    [MOVE_REGISTER, 6, 1, 0, 0],
    [LOAD_WORD, 0, 0, 0, HARDWARE_OFFSET],
    ...targets.flatMap(({ hardwareAddress, index }): Instruction[] => [
      [JUMP_UNEQUAL, 0, 0, 7, lastFourBytes(hardwareAddress)],
      [MOVE_REGISTER, 1, 6, 0, 0],
      [MOVE_NUMBER, 2, 0, 0, PACKET_HOST],
      [CALL, 0, 0, 0, CHANGE_TYPE],
      [MOVE_NUMBER, 1, 0, 0, index],
      [MOVE_NUMBER, 2, 0, 0, 0],
      [CALL, 0, 0, 0, REDIRECT_PEER],
      [EXIT, 0, 0, 0, 0],
    ]),
    [MOVE_NUMBER, 0, 0, 0, PASS],
    [EXIT, 0, 0, 0, 0],
  ]
}

function lastFourBytes(hardwareAddress: string): number {
  return hardwareAddress
    .split(':')
    .slice(2)
    .reduce((value, byte) => (value << 8) | Number.parseInt(byte, 16), 0)
}

/** Name of the section that holds the program. */
export const PROGRAM_SECTION = 'classifier'

const SECTION_HEADER_BYTES = 64
const FILE_HEADER_BYTES = 64
const SYMBOL_BYTES = 24

export function objectFile(program: readonly Instruction[]): Buffer {
  const code = Buffer.alloc(program.length * 8)
  program.forEach(([opcode, destination, source, offset, immediate], i) => {
    code.writeUInt8(opcode, i * 8)
    code.writeUInt8((source << 4) | destination, i * 8 + 1)
    code.writeInt16LE(offset, i * 8 + 2)
    code.writeInt32LE(immediate, i * 8 + 4)
  })
  const names = ['', '.strtab', '.symtab', PROGRAM_SECTION, 'license', 'redirect']
  const strings = Buffer.from(`${names.join('\0')}\0`)
  const nameAt = (name: string): number => (name === '' ? 0 : strings.indexOf(`\0${name}\0`) + 1)
  const license = Buffer.from('GPL\0')
  // A null symbol, and the program: global, a function, in section 3.
  const symbols = Buffer.alloc(2 * SYMBOL_BYTES)
  symbols.writeUInt32LE(nameAt('redirect'), SYMBOL_BYTES)
  symbols.writeUInt8(0x12, SYMBOL_BYTES + 4)
  symbols.writeUInt16LE(3, SYMBOL_BYTES + 6)
  symbols.writeBigUInt64LE(BigInt(code.length), SYMBOL_BYTES + 16)

  const bodies = [Buffer.alloc(0), strings, symbols, code, license]
  const offsets = bodies.map((_, i) => FILE_HEADER_BYTES + bodies.slice(0, i).reduce((sum, body) => sum + aligned(body.length), 0))
  const end = offsets.at(-1)! + aligned(license.length)
  const file = Buffer.alloc(end + bodies.length * SECTION_HEADER_BYTES)
  bodies.forEach((body, i) => {
    body.copy(file, offsets[i]!)
  })
  writeFileHeader(file, end, bodies.length)
  // Type (1 code or data, 2 symbols, 3 strings), flags (2 allocated, 4 executable), link, info, size of an entry.
  const kinds = [
    [0, 0, 0, 0, 0],
    [3, 0, 0, 0, 0],
    [2, 0, 1, 1, SYMBOL_BYTES],
    [1, 6, 0, 0, 0],
    [1, 3, 0, 0, 0],
  ] as const
  kinds.forEach(([type, flags, link, info, entry], i) => {
    const at = end + i * SECTION_HEADER_BYTES
    file.writeUInt32LE(nameAt(names[i]!), at)
    file.writeUInt32LE(type, at + 4)
    file.writeBigUInt64LE(BigInt(flags), at + 8)
    file.writeBigUInt64LE(BigInt(i === 0 ? 0 : offsets[i]!), at + 24)
    file.writeBigUInt64LE(BigInt(bodies[i]!.length), at + 32)
    file.writeUInt32LE(link, at + 40)
    file.writeUInt32LE(info, at + 44)
    file.writeBigUInt64LE(BigInt(i === 0 ? 0 : 8), at + 48)
    file.writeBigUInt64LE(BigInt(entry), at + 56)
  })
  return file
}

const aligned = (length: number): number => Math.ceil(length / 8) * 8

/** 64 bits, little endian, relocatable, machine 247 (EM_BPF, include/uapi/linux/elf-em.h). */
function writeFileHeader(file: Buffer, sectionsAt: number, sections: number): void {
  file.set([0x7f, 0x45, 0x4c, 0x46, 2, 1, 1], 0)
  file.writeUInt16LE(1, 16)
  file.writeUInt16LE(247, 18)
  file.writeUInt32LE(1, 20)
  file.writeBigUInt64LE(BigInt(sectionsAt), 40)
  file.writeUInt16LE(FILE_HEADER_BYTES, 52)
  file.writeUInt16LE(SECTION_HEADER_BYTES, 58)
  file.writeUInt16LE(sections, 60)
  file.writeUInt16LE(1, 62)
}
