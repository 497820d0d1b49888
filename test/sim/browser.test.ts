import { build } from 'esbuild'
import { expect, it } from 'vitest'

it('the kernel bundles for a browser without a Node module', async () => {
  const bundle = await build({
    entryPoints: ['sim/index.ts'],
    bundle: true,
    platform: 'browser',
    format: 'esm',
    write: false,
    metafile: true,
    logLevel: 'silent',
  })
  expect(bundle.errors).toEqual([])
  const imports = Object.values(bundle.metafile.outputs).flatMap((output) => output.imports)
  expect(imports).toEqual([])
})
