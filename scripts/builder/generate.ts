// Generates docs/workflow-builder.html.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { pageHtml } from './html.ts'
import { readData } from './read-data.ts'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = join(import.meta.dirname, 'page')

/** Modules of the action that need Node, or that the page does not need, and what it has instead. */
const IN_A_BROWSER: readonly (readonly [module: RegExp, replacement: string])[] = [
  [/^node:net$/, 'net.ts'],
  [/\/runner\/mask\.ts$/, 'mask.ts'],
  [/\/certificates\.ts$/, 'certificates.ts'],
  [/\/unknown-inputs\.ts$/, 'unknown-inputs.ts'],
]

const forBrowser: Plugin = {
  name: 'for-browser',
  resolveId(source) {
    const found = IN_A_BROWSER.find(([module]) => module.test(source))
    return found && join(PAGE, 'replacements', found[1])
  },
}

/** @throws Error when the code does not build, or needs a module of Node */
export async function builderPage(): Promise<string> {
  await using bundle = await rolldown({
    // The comments of the code name its files from here.
    cwd: ROOT,
    input: join(PAGE, 'main.ts'),
    platform: 'browser',
    plugins: [forBrowser],
    logLevel: 'silent',
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })
  const license = readFileSync(join(ROOT, 'node_modules/js-yaml/LICENSE'), 'utf8')
  const { output } = await bundle.generate({ format: 'iife', banner: `/*! js-yaml\n\n${license}*/` })
  const [chunk, ...more] = output
  if (more.length > 0) throw new Error('The page is more than one file')
  const packages = chunk.moduleIds.filter((id) => id.includes('node_modules') && !/[\\/]js-yaml[\\/]/.test(id))
  if (packages.length > 0) throw new Error(`The page has no license of ${packages.join(', ')}`)
  // It must not end the script element.
  const script = chunk.code.replaceAll('</script', String.raw`<\/script`)
  return pageHtml({ style: readFileSync(join(PAGE, 'style.css'), 'utf8'), script, data: readData() })
}
