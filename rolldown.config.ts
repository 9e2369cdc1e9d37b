import { defineConfig } from 'rolldown'
import license from 'rollup-plugin-license'

/**
 * These packages do not say that importing them has no effect of its own; without that, all of an unused client for
 * every Kubernetes API would be in `dist`.
 */
const PURE = /node_modules\/(@kubernetes\/client-node|@actions\/[^/]+)\//

export default defineConfig({
  input: { index: 'src/index.ts', post: 'src/post.ts' },
  platform: 'node',
  treeshake: { moduleSideEffects: [{ test: PURE, sideEffects: false }] },
  output: { dir: 'dist', format: 'esm', cleanDir: true, chunkFileNames: '[name].js' },
  plugins: [license({ thirdParty: { output: 'dist/licenses.txt' } })],
})
