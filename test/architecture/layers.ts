import { readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, posix, relative, sep } from 'node:path'
import { parseSync } from 'oxc-parser'

/** A room of the house: a folder, or a file that stands for itself, and what it may know. */
interface Room {
  readonly path: string
  readonly mayImport: readonly string[]
  /** Packages, by name; `node` stands for all of Node's own modules. */
  readonly packages: readonly string[]
}

const engine = (name: string) => `src/engine/${name}`
const ownModule = engine('execution/own/module.ts')

/** Who may know whom (docs/decisions/0002). A room may always import itself. */
export const rooms: readonly Room[] = [
  { path: 'src/shared', mayImport: [], packages: ['zod'] },
  { path: engine('clock.ts'), mayImport: [], packages: ['node'] },
  { path: engine('process-group.ts'), mayImport: [], packages: ['node'] },
  { path: engine('folder.ts'), mayImport: [], packages: ['node'] },
  { path: engine('workloads'), mayImport: ['src/shared'], packages: ['node', '@noble/hashes'] },
  // The one place that loads what is not ours: a path decides what.
  {
    path: ownModule,
    mayImport: ['src/shared', engine('execution')],
    packages: ['node', '(computed)'],
  },
  {
    path: engine('execution'),
    mayImport: [
      'src/shared',
      ...['clock.ts', 'process-group.ts', 'workloads'].map(engine),
      ownModule,
    ],
    // What a host says is checked: code that is not ours runs in it.
    packages: ['node', 'zod'],
  },
  {
    path: engine('sampling'),
    mayImport: ['src/shared', engine('clock.ts')],
    packages: ['node', 'systeminformation'],
  },
  {
    path: engine('storage'),
    mayImport: ['src/shared', engine('clock.ts'), engine('folder.ts')],
    packages: ['node', 'better-sqlite3', 'env-paths'],
  },
  {
    path: engine('interpreters'),
    mayImport: ['src/shared', engine('clock.ts'), engine('process-group.ts')],
    packages: ['node', 'zod'],
  },
  // Takes in what comes from outside: strict, and apart from those who may trust what they read.
  {
    path: engine('imports'),
    mayImport: ['src/shared', engine('storage')],
    packages: ['node', 'zod'],
  },
  { path: engine('analysis'), mayImport: ['src/shared'], packages: ['node', 'simple-statistics'] },
  {
    path: engine('reports'),
    mayImport: ['src/shared', engine('folder.ts')],
    packages: ['node', '@resvg/resvg-wasm'],
  },
  {
    path: engine('experiments'),
    mayImport: ['src/shared', engine('analysis')],
    packages: ['node'],
  },
  {
    path: engine('session'),
    mayImport: [
      'src/shared',
      engine('clock.ts'),
      engine('process-group.ts'),
      ...['workloads', 'execution', 'sampling', 'storage', 'analysis', 'experiments'].map(engine),
      engine('interpreters'),
    ],
    packages: ['node'],
  },
  {
    path: engine('selftest'),
    mayImport: ['src/shared', ...['session', 'analysis'].map(engine)],
    packages: ['node'],
  },
  // What shells ask of the saved runs, by subject.
  {
    path: engine('lab'),
    mayImport: [
      'src/shared',
      engine('folder.ts'),
      ...['storage', 'imports', 'analysis', 'reports', 'experiments', 'interpreters'].map(engine),
    ],
    packages: ['node'],
  },
  {
    path: engine('lab.ts'),
    mayImport: [
      'src/shared',
      engine('folder.ts'),
      ...['workloads', 'execution', 'sampling', 'storage', 'analysis', 'reports', 'session'].map(
        engine,
      ),
      engine('selftest'),
      engine('experiments'),
      engine('interpreters'),
      engine('lab'),
    ],
    packages: ['node', 'systeminformation'],
  },
  { path: 'src/service', mayImport: ['src/shared', engine('lab.ts')], packages: ['node'] },
  {
    path: 'src/cli',
    mayImport: ['src/shared', engine('lab.ts'), 'src/service'],
    packages: ['node', 'commander', 'log-update', 'cli-table3', 'ws', 'open'],
  },
  {
    path: 'src/main',
    mayImport: ['src/shared', engine('lab.ts'), 'src/service'],
    packages: ['node', 'electron'],
  },
  { path: 'src/preload', mayImport: ['src/shared'], packages: ['electron'] },
  {
    path: 'src/renderer',
    mayImport: ['src/shared'],
    packages: [
      'react',
      'react-dom',
      '@base-ui/react',
      '@tanstack/react-table',
      'lucide-react',
      'chart.js',
      'simple-statistics',
    ],
  },
]

export interface Report {
  readonly modules: number
  readonly imports: number
  /** One line for each breach: where, what, and what is allowed. */
  readonly breaches: readonly string[]
}

/** Reads every module below `src` of a project and holds its imports against the rooms. */
export function checkLayers(root: string): Report {
  const breaches: string[] = []
  const graph = new Map<string, string[]>()
  let imports = 0
  for (const path of modulesBelow(root, 'src')) {
    const room = roomOf(path)
    if (room === undefined) breaches.push(`${path}: in no room; give it one in layers.ts`)
    const targets: string[] = []
    for (const specifier of importsOf(path, readFileSync(join(root, path), 'utf8'))) {
      imports++
      const target = specifier.startsWith('.')
        ? posix.join(posix.dirname(path), specifier)
        : undefined
      if (target !== undefined) targets.push(target)
      const breach = room === undefined ? null : breachOf(room, specifier, target)
      if (breach !== null) breaches.push(`${path}: ${breach}`)
    }
    graph.set(path, targets)
  }
  breaches.push(...cyclesOf(graph))
  return { modules: graph.size, imports, breaches }
}

function breachOf(room: Room, specifier: string, target: string | undefined): string | null {
  if (target === undefined) {
    const name = packageOf(specifier)
    return room.packages.includes(name)
      ? null
      : `imports ${specifier}; ${room.path} may use ${room.packages.join(', ')}`
  }
  const other = roomOf(target)?.path
  if (other === room.path || (other !== undefined && room.mayImport.includes(other))) return null
  const allowed = room.mayImport.length > 0 ? room.mayImport.join(', ') : 'nothing but itself'
  return `imports ${target}; ${room.path} may know ${allowed}`
}

function roomOf(path: string): Room | undefined {
  return rooms.find((room) => path === room.path || path.startsWith(`${room.path}/`))
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return 'node'
  const parts = specifier.split('/')
  return specifier.startsWith('@') ? parts.slice(0, 2).join('/') : (parts[0] as string)
}

/** Everything a module imports: statically, when it runs, as a type, or to export it again. */
function importsOf(path: string, source: string): string[] {
  const { program, errors } = parseSync(path, source)
  if (errors.length > 0) throw new Error(`${path}: ${errors[0]?.message}`)
  const found: string[] = []
  const walk = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return
    if (Array.isArray(node)) {
      node.forEach(walk)
      return
    }
    const specifier = importedBy(node as SyntaxNode)
    if (specifier !== null) found.push(specifier)
    Object.values(node).forEach(walk)
  }
  walk(program)
  return found
}

/** As much of ESTree as imports need. */
interface SyntaxNode {
  readonly type?: string
  readonly name?: unknown
  readonly source?: { readonly value?: unknown } | null
  readonly expression?: { readonly value?: unknown }
  readonly callee?: SyntaxNode
}

/** What a node of the syntax tree imports; null where it is no import. */
function importedBy(node: SyntaxNode): string | null {
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
    case 'ImportExpression':
    case 'TSImportType':
      if (node.source === null || node.source === undefined) return null
      return typeof node.source.value === 'string' ? node.source.value : '(computed)'
    case 'TSExternalModuleReference':
      return String(node.expression?.value)
    case 'CallExpression': {
      const name = node.callee?.name
      return name === 'require' || name === 'createRequire' ? `(${name})` : null
    }
    default:
      return null
  }
}

/** Each circle once, by its modules. */
function cyclesOf(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const finished = new Set<string>()
  const cycles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (trail.includes(path)) {
      cycles.push(`a circle: ${[...trail.slice(trail.indexOf(path)), path].join(' → ')}`)
      return
    }
    if (finished.has(path)) return
    for (const target of graph.get(path) ?? []) visit(target, [...trail, path])
    finished.add(path)
  }
  for (const path of graph.keys()) visit(path, [])
  return cycles
}

function modulesBelow(root: string, folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort()
}

export const projectRoot = join(dirname(import.meta.dirname), '..')
