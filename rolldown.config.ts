import { defineConfig, type Plugin } from 'rolldown'
import licensePlugin from 'rollup-plugin-license'
import { asciiComments } from './scripts/ascii.ts'
import { leanPackages } from './scripts/lean-packages.ts'

/**
 * These packages do not say that importing them has no effect of its own; without that, all of an unused client for
 * every Kubernetes API would be in `dist`.
 */
const PURE = /node_modules\/(@kubernetes\/client-node|@actions\/[^/]+)\//

// Its types say ES module, and it is CommonJS.
const license = licensePlugin as unknown as typeof licensePlugin.default

/** What several of the parts of the action need that are loaded late: a chunk has these modules, and what they import. Earlier ones take precedence. */
function shared(groups: readonly (readonly [name: string, test: RegExp])[]) {
  return groups.map(([name, test], index) => ({ name, test, priority: groups.length - index }))
}

/** Of a part that is loaded late, where the name of its file does not say what it is. */
function nameOf(path: string): string | undefined {
  const [, provider] = /\/issuer\/([^/]+)\/provider\.ts$/.exec(path) ?? []
  return provider === undefined
    ? path.includes('/@actions/exec/')
      ? 'run-program'
      : undefined
    : `provider-${provider}`
}

/** The plugins that make the text of the scripts. */
export function scriptPlugins(): Plugin[] {
  return [leanPackages(), asciiComments()]
}

/** Not minified: what strangers run with their cluster's keys is to be read. */
export default defineConfig({
  input: { index: 'src/index.ts', post: 'src/post.ts' },
  platform: 'node',
  treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] },
  output: {
    dir: 'dist',
    format: 'esm',
    charset: 'ascii',
    cleanDir: true,
    codeSplitting: {
      groups: shared([
        // Every step loads this one, and the main step the next two.
        ['runner', /^\0builtin:|\/src\/(core|runner)\/|\/node_modules\/@actions\/core\//],
        [
          'inputs',
          /\/src\/inputs\/(?!image-problem|label-selector|manifest-files|manifest-source|kustomization|secret-in-manifests|unmatched-images)|\/src\/report\/|\/src\/kubernetes\/connect-early\.ts|\/node_modules\/fastest-levenshtein\//,
        ],
        ['yaml', /\/node_modules\/js-yaml\//],
        [
          'kubeconfig',
          /\/src\/kubernetes\/(useless-user|find-program|exec-credential|impersonation|oidc|credential-source)\.ts|\/node_modules\/@kubernetes\//,
        ],
        ['http', /\/src\/http\/(client|dispatcher)\.ts/],
        [
          'run',
          /\/src\/(pull-secret\/[^/]+|kubernetes\/client|run\/(clock|grace-period)|issuer\/[^/]+|permissions\/permission|workload\/rollout)\.ts/,
        ],
        [
          'workload',
          /\/src\/workload\/(?!deploy|namespaces|load-manifest|manifest|json|template|yaml|flow-indentation|separate-json)/,
        ],
      ]),
    },
    chunkFileNames: ({ name, facadeModuleId }) => `${nameOf(facadeModuleId ?? '') ?? name}.js`,
  },
  plugins: [...scriptPlugins(), license({ thirdParty: { output: 'dist/licenses.txt' } })],
})
