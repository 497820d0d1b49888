/** JSON with sorted keys and no spaces: equal values give equal text, whatever order they were written in. */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, inner) =>
    isRecord(inner) ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1))) : inner,
  )
}

/** The canonical JSON of an object whose values are canonical JSON already: what many objects share is written once. */
export function canonicalObject(values: Readonly<Record<string, string>>): string {
  const members = Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${members.map(([key, json]) => `${JSON.stringify(key)}:${json}`).join(',')}}`
}

/** Each member's canonical JSON, for `canonicalObject`. */
export function canonicalMembers(values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(Object.entries(values).map(([key, value]) => [key, canonicalJson(value)]))
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
