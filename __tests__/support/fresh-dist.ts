// Tests that run `dist/` say nothing about sources that are newer than it.
import { globSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rolldown } from 'rolldown'
import config, { scriptPlugins } from '../../rolldown.config.ts'

const repository = fileURLToPath(new URL('../..', import.meta.url))

/**
 * Builds the scripts of `dist/` in memory and compares them. For vitest's `globalSetup`, and before what runs without it.
 * @throws Error when they differ, or when the sources do not build
 */
export default async function requireFreshDist(): Promise<void> {
  // Its paths have other separators, by which the configuration of the build chooses the chunks.
  if (process.platform === 'win32') return
  const built = await buildScripts().catch(() => undefined)
  if (built === undefined) throw new Error('dist/ is stale: the sources do not build, see npm run build')
  const committed = globSync('*.js', { cwd: `${repository}dist` })
  const stale = [...new Set([...built.keys(), ...committed])].filter((name) => {
    return !committed.includes(name) || readFileSync(`${repository}dist/${name}`, 'utf8') !== built.get(name)
  })
  if (stale.length > 0) throw new Error(`dist/ is stale: run npm run build. These files differ: ${stale.join(', ')}`)
}

/** The text of each script by its name. */
async function buildScripts(): Promise<Map<string, string>> {
  // Without the plugin that writes the licenses: that they are up to date is for the gate.
  const bundle = await rolldown({ ...config, cwd: repository, plugins: scriptPlugins(), logLevel: 'silent' })
  try {
    const { output } = await bundle.generate({ ...config.output, cleanDir: false })
    return new Map(output.flatMap((file) => (file.type === 'chunk' ? [[file.fileName, file.code]] : [])))
  } finally {
    await bundle.close()
  }
}
