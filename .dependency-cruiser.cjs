/** The layers: dependencies point down only (docs/decisions/0001). Each rule's name is what a person reads when it fails. */
const test = '[.]test[.]tsx?$';
const source = (...names) => `^packages/(${names.join('|')})/`;

/** What each package may import of this repository besides itself. */
const below = {
  protocol: [],
  chat: [],
  markdown: [],
  server: ['protocol'],
  client: ['protocol'],
  conformance: ['protocol'],
  'broker-memory': ['server'],
  'broker-broadcast': ['server'],
  'broker-postgres': ['server', 'broker-broadcast'],
  'broker-nats': ['server', 'broker-broadcast'],
  'gateway-sockjs': ['server'],
  'gateway-socketio': ['server'],
  'store-memory': ['chat'],
  'store-sqlite': ['chat'],
  'store-postgres': ['chat'],
  'files-directory': ['chat'],
  'chat-server': ['chat', 'server', 'protocol'],
  'chat-client': ['chat', 'client', 'protocol'],
  'chat-react': ['chat-client'],
};

module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', from: { pathNot: test }, to: { circular: true } },
    { name: 'resolvable', severity: 'error', from: {}, to: { couldNotResolve: true } },
    ...Object.entries(below).map(([name, allowed]) => ({
      name: `${name}-imports-down`,
      comment: `${name} may import ${allowed.join(', ') || 'nothing of this repository'}`,
      severity: 'error',
      from: { path: source(name), pathNot: test },
      to: { path: '^(packages|apps)/', pathNot: source(name, ...allowed) },
    })),
    {
      name: 'cores-import-nothing',
      comment: 'protocol and chat run anywhere: no builtin, no library',
      severity: 'error',
      from: { path: source('protocol', 'chat'), pathNot: test },
      to: { dependencyTypesNot: ['local', 'localmodule', 'type-only', 'undetermined', 'unknown'] },
    },
    {
      name: 'clients-have-no-builtins',
      comment: 'What a browser loads imports no Node builtin; the Node entry of the client has files of its own',
      severity: 'error',
      from: { path: source('client', 'chat-client', 'chat-react'), pathNot: [test, '^packages/client/src/node/'] },
      to: { dependencyTypes: ['core'] },
    },
    {
      name: 'adapters-are-named-by-the-app',
      severity: 'error',
      from: { path: '^(packages|apps/web)/', pathNot: [test, source('store-.*', 'broker-.*', 'files-.*', 'testkit')] },
      to: { path: source('store-[^/]+', 'broker-[^/]+', 'files-[^/]+') },
    },
    {
      name: 'testkit-is-never-shipped',
      severity: 'error',
      // The lab is not shipped: it injures connections on purpose.
      from: { path: '^(packages|apps)/', pathNot: [test, source('testkit'), '^apps/lab/'] },
      to: { path: source('testkit') },
    },
  ],
  options: {
    parser: 'swc',
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '(^|/)(dist|fixtures)/' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['source', 'node', 'import', 'default'],
      extensions: ['.ts', '.tsx', '.js', '.mjs'],
    },
    moduleSystems: ['es6'],
  },
};
