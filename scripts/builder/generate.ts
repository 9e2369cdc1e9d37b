// Generates docs/workflow-builder.html.
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Plugin, rolldown } from 'rolldown'
import { pageHtml } from './html.ts'
import { readData } from './read-data.ts'

const PAGE = join(import.meta.dirname, 'page')

/** Modules of the action that need Node, and what the page has instead. */
const IN_A_BROWSER: readonly (readonly [module: RegExp, replacement: string])[] = [
  [/^node:net$/, 'net.ts'],
  [/\/runner\/mask\.ts$/, 'mask.ts'],
  [/\/certificates\.ts$/, 'certificates.ts'],
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
    cwd: join(import.meta.dirname, '../..'),
    input: join(PAGE, 'main.ts'),
    platform: 'browser',
    plugins: [forBrowser],
    logLevel: 'silent',
    onLog(_level, { message }) {
      throw new Error(message)
    },
  })
  const { output } = await bundle.generate({ format: 'iife' })
  const [chunk, ...more] = output
  if (more.length > 0) throw new Error('The page is more than one file')
  // It must not end the script element.
  const script = chunk.code.replaceAll('</script', String.raw`<\/script`)
  return pageHtml({ style: readFileSync(join(PAGE, 'style.css'), 'utf8'), script, data: readData() })
}
