// Every place of src that masks a secret, and a build of the action in which each of them can be left out.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build, type Plugin } from 'rolldown'
import { parseAst } from 'rolldown/parseAst'
import config from '../../rolldown.config.ts'
import { leanPackages } from '../../scripts/lean-packages.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))
const MASK_FILE = 'src/runner/mask.ts'

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
}

/** A call of a function of `src/runner/mask.ts` that masks. */
export interface MaskSite {
  /** As `src/issuer/ibmcloud/iam-token.ts: mask(value)`. */
  readonly id: string
  readonly path: string
  /** The name of the function where it is called. */
  readonly name: string
  readonly start: number
  readonly end: number
}

export function findMaskSites(): MaskSite[] {
  const paths = globSync('src/**/*.ts', { cwd: repository }).map((path) => path.replaceAll('\\', '/'))
  return paths.filter((path) => path !== MASK_FILE).flatMap(sitesOf)
}

function sitesOf(path: string): MaskSite[] {
  const code = readFileSync(repository + path, 'utf8')
  const names = [...code.matchAll(/import \{([^}]*)\} from '[./]+\/runner\/mask\.ts'/g)]
    .flatMap(([, specifiers = '']) => specifiers.split(','))
    .map((name) => name.trim())
    .filter((name) => name.startsWith('mask'))
  if (names.some((name) => name.includes(' as '))) throw new Error(`${path} renames a function of ${MASK_FILE}`)
  const found: MaskSite[] = []
  visit(parseAst(code, { lang: 'ts' }, path), (node, parent) => {
    if (node.type !== 'Identifier' || parent?.type === 'ImportSpecifier') return
    const name = code.slice(node.start, node.end)
    if (!names.includes(name)) return
    const call = parent?.type === 'CallExpression' ? code.slice(parent.start, parent.end) : name
    const same = found.filter(({ id }) => id.startsWith(`${path}: ${call}`)).length
    const id = `${path}: ${call}${same > 0 ? ` (${same + 1})` : ''}`
    found.push({ id, path, name, start: node.start, end: node.end })
  })
  return found
}

function visit(node: Node, see: (node: Node, parent: Node | undefined) => void, parent?: Node): void {
  see(node, parent)
  for (const member of Object.values(node).flat()) if (isNode(member)) visit(member, see, node)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}

/** The variables that say what a step of the build leaves out, and where it records its calls. */
export const UNMASKED = 'TEST_UNMASKED'
export const MASK_CALLS = 'TEST_MASK_CALLS'

/** Where TEST_MASK_CALLS names a file, each call is recorded there with hashes of what it masks. */
const RUNTIME = `globalThis.maskSite ??= (id, name, mask) => (...args) => {
  const { ${UNMASKED}: unmasked = '', ${MASK_CALLS}: calls } = process.env
  const [first, second] = args
  const value = name === 'maskBasic' ? Buffer.from(first + ':' + second).toString('base64') : first
  if (calls !== undefined) {
    const { createHash } = process.getBuiltinModule('node:crypto')
    const hashes = [value, name === 'maskBasic' ? second : value].map((one) => createHash('sha256').update(one).digest('hex'))
    process.getBuiltinModule('node:fs').appendFileSync(calls, JSON.stringify({ id, hashes }) + '\\n')
  }
  return unmasked.split('\\n').includes(id) ? value : mask(...args)
}`

/** Builds the action so that TEST_UNMASKED, ids of sites on lines, leaves these masks out. */
export async function buildWithMaskSwitches(sites: readonly MaskSite[], dir: string): Promise<void> {
  const plugin: Plugin = {
    name: 'mask-switches',
    transform(code, file) {
      const own = sites.filter(({ path }) => file.replaceAll('\\', '/').endsWith(`/${path}`))
      // From the end, so the positions of the others stay right.
      return own
        .toSorted((one, other) => other.start - one.start)
        .reduce((changed, { id, name, start, end }) => {
          const call = `globalThis.maskSite(${JSON.stringify(id)}, '${name}', ${name})`
          return changed.slice(0, start) + call + changed.slice(end)
        }, code)
    },
  }
  const output = { ...config.output, dir, banner: RUNTIME }
  await build({ ...config, cwd: repository, plugins: [leanPackages(), plugin], logLevel: 'silent', output })
}
