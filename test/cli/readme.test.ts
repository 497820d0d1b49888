/** The README, followed to the letter in a copy of the repository: each block in order, as a reader would. */
import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { applyDiff, type Block, blocksOf, pathsIn } from './readme.js'

const repository = fileURLToPath(new URL('../../', import.meta.url))
const readme = readFileSync(join(repository, 'README.md'), 'utf8')
const blocks = blocksOf(readme)
const patience = 900_000

let copy: string
beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'fairway-readme-'))
  const listed = execFileSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: repository,
    encoding: 'utf8',
  })
  for (const file of listed.split('\0').filter((name) => name !== '' && existsSync(join(repository, name)))) {
    cpSync(join(repository, file), join(copy, file))
  }
  symlinkSync(join(repository, 'node_modules'), join(copy, 'node_modules'))
}, patience)
afterAll(() => rmSync(copy, { recursive: true, force: true }))

/** The dependencies are installed already, and the tests are what runs here. */
const runnable = (text: string) => text.replaceAll('npm ci && ', '').replaceAll(/^npm test$/gm, '')

function follow(block: Block): { readonly code: number | null; readonly stdout: string; readonly stderr: string } {
  for (let attempt = 1; ; attempt++) {
    const { status, stdout, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', runnable(block.text)], {
      cwd: copy,
      encoding: 'utf8',
    })
    // The testbed's own tests may be measuring meanwhile: a reader would wait, too.
    if (status !== 4 || attempt === 600 || !stderr.includes('another campaign is being measured')) return { code: status, stdout, stderr }
    spawnSync('sleep', ['1'])
  }
}

describe('each block works in its turn', () => {
  for (const [i, block] of blocks.entries()) {
    const title = `line ${block.line}: ${block.text.split('\n')[0]}`
    const next = blocks[i + 1]
    // An environment variable asks for what needs root and a Linux kernel; without, those blocks are not defined (the run says so at its end).
    if (block.needs === 'root' && process.env['FAIRWAY_TESTBED'] !== '1') continue
    switch (block.language) {
      case 'sh':
        test(
          title,
          () => {
            const { code, stdout, stderr } = follow(block)
            // A text block after a command is what it prints when it refuses.
            if (next?.language === 'text') {
              expect(stderr).toBe(next.text)
              expect(code).toBe(2)
            } else
              expect({ code, stderr: code === 0 ? '' : stderr, said: stdout !== '' || runnable(block.text).trim() === '' }).toEqual({
                code: 0,
                stderr: '',
                said: true,
              })
          },
          patience,
        )
        break
      case 'diff':
        test(title, () => {
          const { file, text } = applyDiff(block.text, (name) => readFileSync(join(copy, name), 'utf8'))
          writeFileSync(join(copy, file), text)
        })
        break
      case 'latex':
        test(title, () => {
          const inputs = [...block.text.matchAll(/\\input\{([^}]+)\}/g)].map((match) => match[1]!)
          const [folder] = [...block.text.matchAll(/\\graphicspath\{\{([^}]+)\}\}/g)].map((match) => match[1]!)
          expect(inputs).not.toEqual([])
          for (const input of inputs) {
            const tex = readFileSync(join(copy, input), 'utf8')
            const picture = /\\includegraphics(?:\[[^\]]*\])?\{([^}]+)\}/.exec(tex)![1]!
            expect(existsSync(join(copy, folder!, picture))).toBe(true)
          }
        })
        break
      case 'js':
        test(
          title,
          () => {
            expect(
              block.text
                .trimEnd()
                .split('\n')
                .filter((line) => line !== '').length,
            ).toBeLessThanOrEqual(15)
            writeFileSync(join(copy, 'example.mjs'), block.text)
            const { status, stdout, stderr } = spawnSync('node', ['example.mjs'], { cwd: copy, encoding: 'utf8' })
            expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
            expect(stdout).toContain('bridge there')
            expect(stdout).toMatch(/socks \d+\.\d\d ± \d+\.\d\d/)
          },
          patience,
        )
        break
      default:
        break // text: compared by the block before it
    }
  }
})

test('every path that it links to or shows exists', () => {
  const paths = pathsIn(readme)
  expect(paths.length).toBeGreaterThan(4)
  expect(paths.filter((path) => !existsSync(join(repository, path)))).toEqual([])
})

test('continuous integration runs the command that it gives for the tests', () => {
  const command = blocks.find((block) => block.text.includes('npm test'))!.text.trim()
  expect(readFileSync(join(repository, '.ci/run'), 'utf8').split('\n')).toContain(command)
})
