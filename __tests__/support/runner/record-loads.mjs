// Imported into a step: records which files of the action it loads, and which modules of Node, one on a line.
import { appendFileSync } from 'node:fs'
import { registerHooks } from 'node:module'

const file = process.env.TEST_LOADS
const before = new Set(process.moduleLoadList)
registerHooks({
  load(url, context, next) {
    if (url.startsWith('file:')) appendFileSync(file, `${url.slice(url.lastIndexOf('/') + 1)}\n`)
    return next(url, context)
  },
})
process.on('exit', () => {
  const builtin = process.moduleLoadList.filter((name) => !before.has(name)).map((name) => name.split(' ').at(-1))
  appendFileSync(file, builtin.map((name) => `node:${name}\n`).join(''))
})
