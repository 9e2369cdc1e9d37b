import { defineConfig } from 'rolldown'
import licensePlugin from 'rollup-plugin-license'

/**
 * These packages do not say that importing them has no effect of its own; without that, all of an unused client for
 * every Kubernetes API would be in `dist`.
 */
const PURE = /node_modules\/(@kubernetes\/client-node|@actions\/[^/]+)\//

// Its types say ES module, and it is CommonJS.
const license = licensePlugin as unknown as typeof licensePlugin.default

/** Not minified: what strangers run with their cluster's keys is to be read. */
export default defineConfig({
  input: { index: 'src/index.ts', post: 'src/post.ts' },
  platform: 'node',
  treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] },
  output: {
    dir: 'dist',
    format: 'esm',
    cleanDir: true,
    codeSplitting: {
      // What every run needs; the rest is loaded when the inputs are right.
      groups: [
        { name: 'runner', test: /node_modules\/@actions\/core/, priority: 1 },
        { name: 'packages', test: /node_modules/ },
        { name: 'inputs', test: /src\/(core|runner|inputs)\/|node_modules\/fastest-levenshtein/, priority: 1 },
      ],
    },
    chunkFileNames: '[name].js',
  },
  plugins: [license({ thirdParty: { output: 'dist/licenses.txt' } })],
})
