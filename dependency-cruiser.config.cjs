// The rooms of DESIGN: dependencies point one way only, and what runs in a browser's worker uses no Node API.
const order = ['sim', 'models', 'experiments', 'reports', 'cli']
const forbidden = order.slice(0, -1).map((room, i) => ({
  name: `${room}-knows-nothing-above-it`,
  severity: 'error',
  from: { path: `^${room}/` },
  to: { path: `^(${order.slice(i + 1).join('|')}|test)/` },
}))
module.exports = {
  forbidden: [
    ...forbidden,
    {
      name: 'browser-rooms-use-no-node-api',
      comment: 'sim/, models/ and, of experiments/, the schema, the sweep and the rows run in a browser as they are.',
      severity: 'error',
      from: { path: '^(sim|models)/|^experiments/(schema/|sweep\\.ts|rows\\.ts)', pathNot: '^experiments/schema/generate\\.ts$' },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'the-page-uses-no-node-api',
      comment: "reports/browser/ and reports/what-if/ run in the reader's browser; the bundler refuses what they import further down.",
      severity: 'error',
      from: { path: '^reports/(browser|what-if)/' },
      to: { dependencyTypes: ['core'] },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: { tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, doNotFollow: { path: 'node_modules' } },
}
