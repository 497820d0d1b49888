/** The README's code blocks, in order, and what it takes to follow them. */
export interface Block {
  /** `sh`, `diff`, `text`, `js`, `latex`. */
  readonly language: string
  /** Words after the language: `root`. */
  readonly needs: string
  readonly text: string
  readonly line: number
}

export function blocksOf(markdown: string): Block[] {
  const blocks: Block[] = []
  let open: { language: string; needs: string; line: number; lines: string[] } | null = null
  markdown.split('\n').forEach((line, i) => {
    const fence = /^```(\w*) ?(.*)$/.exec(line)
    if (fence === null) open?.lines.push(line)
    else if (open === null) open = { language: fence[1]!, needs: fence[2]!, line: i + 1, lines: [] }
    else {
      blocks.push({ language: open.language, needs: open.needs, line: open.line, text: `${open.lines.join('\n')}\n` })
      open = null
    }
  })
  return blocks
}

/** The paths that the text links to or shows, without anchors and addresses. */
export function pathsIn(markdown: string): string[] {
  return [...markdown.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1]!)
}

/**
 * Applies a change as a reader would: the lines with a blank or `-` are looked for, those with a blank or `+` stand there afterwards.
 * @throws Error where the old lines don't stand in the file exactly once
 */
export function applyDiff(diff: string, read: (file: string) => string): { readonly file: string; readonly text: string } {
  const lines = diff.trimEnd().split('\n')
  const file = lines.find((line) => line.startsWith('+++ '))!.slice(4)
  const hunk = lines.slice(lines.findIndex((line) => line.startsWith('@@')) + 1)
  const side = (mark: string) =>
    hunk.flatMap((line) => (line.startsWith(mark) || line.startsWith(' ') ? [`${line.slice(1)}\n`] : [])).join('')
  const text = read(file)
  const parts = text.split(side('-'))
  if (parts.length !== 2) throw new Error(`${file}: expected the old lines once, found them ${parts.length - 1} times`)
  return { file, text: parts.join(side('+')) }
}
