// Loaded before a step, with `?file=`: records the arguments of each process that it starts, one JSON list a line.
import childProcess from 'node:child_process'
import { appendFileSync } from 'node:fs'
import { syncBuiltinESMExports } from 'node:module'

const file = new URL(import.meta.url).searchParams.get('file')
const record = (args) => appendFileSync(file, `${JSON.stringify(args)}\n`)

// Every function that starts one and does not wait for it comes down to this method.
const { spawn } = childProcess.ChildProcess.prototype
childProcess.ChildProcess.prototype.spawn = function (options) {
  record([options.file, ...options.args])
  return spawn.call(this, options)
}
for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
  const start = childProcess[name]
  childProcess[name] = (command, ...rest) => {
    record([command, ...(Array.isArray(rest[0]) ? rest[0] : [])])
    return start(command, ...rest)
  }
}
syncBuiltinESMExports()
