import { sha256 } from '@noble/hashes/sha2.js'
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js'

/** SHA-256 (FIPS 180-4) of a text's UTF-8 bytes, as 64 hexadecimal digits: the address of a content. */
export function hashText(text: string): string {
  return bytesToHex(sha256(utf8ToBytes(text)))
}
