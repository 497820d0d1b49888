/** The rows that the page carries, read when somebody first asks for one. */
import { readCsv } from '../../experiments/store/csv.js'
import { embeddedText } from './embedded.js'

/** Column names with what stands there; what is empty is left out. */
export type PlainRecord = ReadonlyMap<string, string>

/** Records of the CSV file `name`; null where the page does not carry it. */
export async function recordsOf(name: string): Promise<readonly PlainRecord[] | null> {
  const known = read.get(name)
  if (known) return known
  const text = await embeddedText(name)
  if (text === null) return null
  const records = parseRecords(text)
  read.set(name, records)
  return records
}

const read = new Map<string, readonly PlainRecord[]>()

export function parseRecords(text: string): PlainRecord[] {
  const [head, ...body] = readCsv(text)
  const names = head?.fields.map((name) => name ?? '') ?? []
  return body.map(({ fields }) => new Map(names.flatMap((name, i): [string, string][] => (fields[i] == null ? [] : [[name, fields[i]]]))))
}
